import {CHANNELS, type RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';
import {toLinear} from './srgb.js';

/** Returns the Y of the rules of light. */
export function luminanceOf({height, width, values}: RgbImage): Plane {
  const luminance = new Plane(height, width);
  for (let index = 0, offset = 0; offset < values.length; index++, offset += CHANNELS) {
    luminance.values[index] =
      decodeSrgb(values[offset]) * 0.2126 +
      decodeSrgb(values[offset + 1]) * 0.7152 +
      decodeSrgb(values[offset + 2]) * 0.0722;
  }
  return luminance;
}

/** Decodes an sRGB value to linear light, by linear interpolation in a table. */
export function decodeSrgb(value: number): number {
  const position = value * STEPS;
  const lowerIndex = Math.min(Math.trunc(position), STEPS - 1);
  const lower = LINEAR_TABLE[lowerIndex];
  return lower + (LINEAR_TABLE[lowerIndex + 1] - lower) * (position - lowerIndex);
}

const STEPS = 4096;
const LINEAR_TABLE = Float64Array.from({length: STEPS + 1}, (_, step) => toLinear(step / STEPS));
