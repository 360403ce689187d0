import {CHANNELS, type RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';
import {toLinear} from './srgb.js';

/** Returns the Y of the rules of light. */
export function luminanceOf({height, width, values}: RgbImage): Plane {
  const luminance = new Plane(height, width);
  for (let index = 0, at = 0; at < values.length; index++, at += CHANNELS) {
    luminance.values[index] =
      decoded(values[at]) * 0.2126 + decoded(values[at + 1]) * 0.7152 + decoded(values[at + 2]) * 0.0722;
  }
  return luminance;
}

/** Decodes an sRGB value to linear light, by linear interpolation in a table. */
export function decoded(value: number): number {
  const position = value * STEPS;
  const before = Math.min(Math.trunc(position), STEPS - 1);
  const lower = LIGHT[before];
  return lower + (LIGHT[before + 1] - lower) * (position - before);
}

const STEPS = 4096;
const LIGHT = Float64Array.from({length: STEPS + 1}, (_, step) => toLinear(step / STEPS));
