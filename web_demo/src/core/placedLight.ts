import {type Tint, tintOf} from './colorTemperature.js';
import type {LightMixture} from './lightMixtures.js';
import {blurPlane} from './lights.js';
import {CHANNELS, RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';
import {fromLinear, toLinear} from './srgb.js';

/** The effect that several lights together would have on a photograph. */
export interface MixedGain {
  /** Natural logarithm of the gain in linear light. */
  readonly logGain: Plane;
  /**
   * The light's factors on red, green and blue relative to the flash; null for the flash's color.
   */
  readonly tint: readonly Plane[] | null;
}

/**
 * A photograph shown under lights whose gains a network has predicted. Matches
 * `keras_f2a.correction.placed_light` in the Python package. All computation is in float64.
 */
export class PlacedLight {
  private readonly light: Plane;
  private readonly mean: number;

  /** @param flash the small flash image. */
  constructor(private readonly flash: RgbImage) {
    this.light = meanLight(flash);
    this.mean = this.light.mean;
  }

  /** Mixes the network's outputs for several lights, each a natural logarithm of the gain. */
  mix(gains: readonly Plane[], {lights}: LightMixture): MixedGain {
    const parts = gains.map((gain, index) => this.scaledGain(gain, lights[index].share));
    const {height, width} = this.flash;
    const total = new Plane(height, width);
    for (const part of parts) {
      for (let index = 0; index < part.length; index++) total.values[index] += part[index];
    }
    const logGain = new Plane(height, width);
    for (let index = 0; index < logGain.values.length; index++) {
      logGain.values[index] = Math.log(total.values[index]);
    }
    if (lights.every(({temperature}) => temperature === null)) return {logGain, tint: null};
    const tints = lights.map(({temperature}) =>
      temperature === null ? NO_TINT : tintOf(temperature, TINT_SHARE),
    );
    const tint = CHANNEL_INDICES.map((channel) => {
      const factors = tints.map((color) => color[channel]);
      return blurPlane(weightedMean(factors, parts, total));
    });
    return {logGain, tint};
  }

  /**
   * Returns the photograph under a light exactly as the network predicts it, without the rules.
   *
   * @param logGain the result of `mix`.
   * @param amount multiplier for the light, at least 1.
   */
  applyGain(logGain: Plane, amount = 1): {image: RgbImage; factor: Plane} {
    const {height, width, values} = this.flash;
    const amplified = logGain.values.map((value) => amount * value);
    const factor = new Plane(height, width, this.scaledGain(new Plane(height, width, amplified), 1));
    const image = new RgbImage(height, width);
    for (let index = 0, offset = 0; offset < values.length; index++) {
      for (let channel = 0; channel < CHANNELS; channel++, offset++) {
        image.values[offset] = fromLinear(Math.min(toLinear(values[offset]) * factor.values[index], 1));
      }
    }
    return {image, factor};
  }

  /** Returns a light's gain, normalized to keep the photograph's mean light, times its share. */
  private scaledGain({values}: Plane, share: number): Float64Array {
    const gain = new Float64Array(values.length);
    let sum = 0;
    for (let index = 0; index < gain.length; index++) {
      gain[index] = Math.exp(values[index]);
      sum += this.light.values[index] * gain[index];
    }
    const change = Math.max(sum / gain.length, MIN_LIGHT) / Math.max(this.mean, MIN_LIGHT);
    for (let index = 0; index < gain.length; index++) gain[index] *= share / change;
    return gain;
  }
}

/**
 * Tints the light that was added to an image. Light from the flash keeps its color.
 *
 * @param image the relit image.
 * @param factor the factor by which each pixel was brightened.
 * @param tint the light's factors on red, green and blue.
 */
export function applyTint(image: RgbImage, factor: Plane, tint: readonly Plane[]): RgbImage {
  const result = new RgbImage(image.height, image.width);
  for (let index = 0, offset = 0; offset < result.values.length; index++) {
    const added = Math.max(factor.values[index] - 1, 0);
    for (let channel = 0; channel < CHANNELS; channel++, offset++) {
      const tintFactor = (1 + added * tint[channel].values[index]) / (1 + added);
      result.values[offset] = fromLinear(Math.min(toLinear(image.values[offset]) * tintFactor, 1));
    }
  }
  return result;
}

/** Returns the mean of the lights' factors, weighted at each pixel by the lights' gains. */
function weightedMean(factors: readonly number[], gains: readonly Float64Array[], total: Plane): Plane {
  const mean = new Plane(total.height, total.width);
  for (let index = 0; index < mean.values.length; index++) {
    let sum = 0;
    for (let light = 0; light < gains.length; light++) sum += factors[light] * gains[light][index];
    mean.values[index] = sum / total.values[index];
  }
  return mean;
}

function meanLight({height, width, values}: RgbImage): Plane {
  const light = new Plane(height, width);
  for (let index = 0, offset = 0; offset < values.length; index++, offset += CHANNELS) {
    light.values[index] =
      (toLinear(values[offset]) + toLinear(values[offset + 1]) + toLinear(values[offset + 2])) / 3;
  }
  return light;
}

/** The fraction of a color temperature that shows, because the eye adapts to the rest. */
const TINT_SHARE = 0.7;
const MIN_LIGHT = 1e-6;
const NO_TINT: Tint = [1, 1, 1];
const CHANNEL_INDICES = [0, 1, 2];
