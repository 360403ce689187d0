import type {Face} from './faces.js';
import {type Limits, limitsOf, linearStep} from './lightLimits.js';
import {decodeSrgb, luminanceOf} from './luminance.js';
import {CHANNELS, RgbImage} from './rgbImage.js';
import {Plane, smooth} from './smoothing.js';
import {fromLinear} from './srgb.js';

// Same names and values as in `keras_f2a.correction.lights` of the Python package.
const BLUR = 0.036;
const NO_FLASH = 0.04;
const CLEAR_FLASH = 0.16;
export const LITTLE_FLASH = 0.12;
export const MUCH_FLASH = 0.4;
const EXPOSURE = 0.25;
const EXPOSURE_WITH_FACES = 0.3;
const CLOSE_FACE = 0.36;
const CLOSEST_FACE = 0.52;
const BLACK = 0.09;
const CONTRAST = 0.3;
const CALM = 0.25;

/** The small image after the rules of light. */
export interface RelitImage {
  readonly image: RgbImage;
  /** The k of step 9: the factor by which each pixel was brightened. */
  readonly factor: Plane;
}

/**
 * A small flash image that can be relit under any number of lights, by the rules that viewers
 * prefer. `keras_f2a.correction.lights` in the Python package explains each rule. All computation
 * is in float64; the result is float32.
 */
export class RelightablePhoto {
  private readonly luminance: Plane;
  private readonly weights: Plane | null;
  private readonly headroom: Plane;
  private readonly closeness: number;
  private readonly stops: number;

  /**
   * @param flash the small flash image.
   * @param faces the faces in the image, in its pixels.
   */
  constructor(
    private readonly flash: RgbImage,
    faces: readonly Face[],
  ) {
    const {height, width} = flash;
    this.luminance = luminanceOf(flash);
    this.weights = faces.length > 0 ? faceWeights(faces, height, width) : null;
    this.headroom = headroomToWhite(this.luminance);
    this.closeness = closeness(faces, Math.min(height, width));
    this.stops = exposure(this.luminance, this.weights);
  }

  /**
   * Relights the image, starting from the logarithm of step 1.
   *
   * @param change natural logarithm of the gain in linear light.
   * @param rightward where the light comes from, from -1, the left, to 1, the right.
   * @param amount the a of step 8, at least 1.
   * @param flashShare the flash's share of the photograph's light, in [0, 1].
   */
  relight(change: Plane, rightward = 0, amount = 1, flashShare = 1): RelitImage {
    const limits = limitsOf(rightward);
    const scaledCloseness = limits.spareClose * this.closeness;
    const predicted = blurPlane(change, limits.blur);
    const flashAmount =
      linearStep(predicted.deviation, NO_FLASH, CLEAR_FLASH) *
      linearStep(flashShare, LITTLE_FLASH, MUCH_FLASH);
    const gain = this.lightGain(predicted, limits);
    const gainScale = amount * flashAmount * (1 - scaledCloseness);
    for (let index = 0; index < gain.values.length; index++) gain.values[index] *= gainScale;
    const stops = this.stops * (amount * flashAmount * (1 - 0.8 * scaledCloseness));
    return applyGain(this.flash, gain, stops, CONTRAST * flashAmount);
  }

  /** Steps 3 to 6. */
  private lightGain(predicted: Plane, limits: Limits): Plane {
    const {weights, headroom} = this;
    const {values} = squaredDistances(predicted.height, predicted.width);
    for (let index = 0; index < values.length; index++) {
      values[index] = limits.networkShare * predicted.values[index] + limits.radialShare * values[index];
    }
    const subjectGain = subjectMean(values, this.luminance, weights);
    const lift = weights ? limits.liftWithFaces : limits.lift;
    const darken = weights ? limits.darkenWithFaces : limits.darken;
    const meanHeadroom = Math.max(headroom.mean, 0.3);
    for (let index = 0; index < values.length; index++) {
      const relative = values[index] - subjectGain;
      const change =
        relative > 0 ? lift * relative * ((0.9 * headroom.values[index]) / meanHeadroom) : darken * relative;
      values[index] = clamp(change, limits.darkest, limits.brightest);
    }
    return new Plane(predicted.height, predicted.width, values);
  }
}

/**
 * Weights every pixel by how surely it belongs to a face, from 0 to 1.
 *
 * A face fills an ellipse around the center of its box, 0.95 times as wide and 1.15 times as high
 * as the box. With q the squared distance from the center in units of the half axes, the weight is
 * (1.6 - q) / 0.9, limited to [0, 1]. Where faces overlap, the largest weight counts.
 */
export function faceWeights(faces: readonly Face[], height: number, width: number): Plane {
  const weights = new Plane(height, width);
  for (const face of faces) {
    for (let row = 0, index = 0; row < height; row++) {
      const down = (row + 0.5 - face.centerY) / (0.575 * face.height);
      for (let column = 0; column < width; column++, index++) {
        const across = (column + 0.5 - face.centerX) / (0.475 * face.width);
        const weight = clamp((1.6 - across ** 2 - down ** 2) / 0.9, 0, 1);
        weights.values[index] = Math.max(weights.values[index], weight);
      }
    }
  }
  return weights;
}

/**
 * Returns the g of step 1 before smoothing.
 *
 * @param flash the small flash image.
 * @param output the network's output for it, of the same size.
 */
export function logGainOf(flash: RgbImage, output: RgbImage): Plane {
  const before = luminanceOf(flash);
  const gain = luminanceOf(output);
  for (let index = 0; index < gain.values.length; index++) {
    gain.values[index] = Math.log((gain.values[index] + 0.02) / (before.values[index] + 0.02));
  }
  return gain;
}

/** Returns the r of step 6. */
function headroomToWhite(luminance: Plane): Plane {
  const encoded = new Plane(luminance.height, luminance.width);
  for (let index = 0; index < encoded.values.length; index++) {
    encoded.values[index] = fromLinear(luminance.values[index]);
  }
  const headroom = blurPlane(encoded);
  for (let index = 0; index < headroom.values.length; index++) {
    headroom.values[index] = (1 - clamp(headroom.values[index], 0, 1)) ** 0.7;
  }
  return headroom;
}

/** Returns the gain that step 4 subtracts. */
function subjectMean(gain: Float64Array, luminance: Plane, weights: Plane | null): number {
  let sum = 0;
  let totalWeight = 0;
  for (let index = 0; index < gain.length; index++) {
    const brightness = Math.min(luminance.values[index], 0.6);
    const weight = weights ? weights.values[index] * brightness + 1e-6 : brightness + 1e-4;
    sum += weight * gain[index];
    totalWeight += weight;
  }
  return sum / totalWeight;
}

/** Returns the exposure of step 7, in stops. */
function exposure(luminance: Plane, weights: Plane | null): number {
  if (!weights) return EXPOSURE;
  let sum = 0;
  let totalWeight = 0;
  for (let index = 0; index < weights.values.length; index++) {
    sum += weights.values[index] * luminance.values[index];
    totalWeight += weights.values[index];
  }
  const brightness = fromLinear(sum / (totalWeight + 1e-6));
  return EXPOSURE_WITH_FACES * clamp((0.62 - 0.8 * brightness) / 0.25, 0.2, 1);
}

/** Returns the c of step 8. */
function closeness(faces: readonly Face[], shortSide: number): number {
  const widest = Math.max(0, ...faces.map((face) => face.width)) / shortSide;
  const share = linearStep(widest, CLOSE_FACE, CLOSEST_FACE);
  return share * share * (3 - 2 * share);
}

/** Steps 9 to 11. */
function applyGain(flash: RgbImage, gain: Plane, stops: number, contrast: number): RelitImage {
  const {values} = flash;
  const result = new RgbImage(flash.height, flash.width);
  const factors = new Plane(flash.height, flash.width);
  const exposureFactor = 2 ** stops;
  for (let index = 0, offset = 0; offset < values.length; index++, offset += CHANNELS) {
    const value = maxChannel(values, offset);
    const light = decodeSrgb(value);
    const factor = Math.exp(gain.values[index]) * exposureFactor;
    factors.values[index] = factor;
    let curve = fromLinear((factor * light) / Math.sqrt(1 + (factor * factor - 1) * light * light));
    if (value < BLACK) curve += (1 - value / BLACK) ** 1.2 * (value - curve);
    curve += contrast * curve * (1 - curve) * (curve - 0.4);
    const ratio = curve / Math.max(value, 1e-4);
    const red = values[offset] * ratio;
    const green = values[offset + 1] * ratio;
    const blue = values[offset + 2] * ratio;
    const luma = red * 0.299 + green * 0.587 + blue * 0.114;
    const color = Math.exp(-CALM * Math.max(gain.values[index], 0));
    result.values[offset] = clamp(luma + (red - luma) * color, 0, 1);
    result.values[offset + 1] = clamp(luma + (green - luma) * color, 0, 1);
    result.values[offset + 2] = clamp(luma + (blue - luma) * color, 0, 1);
  }
  return {image: result, factor: factors};
}

function squaredDistances(height: number, width: number): Plane {
  const longSide = Math.max(height, width);
  const distances = new Plane(height, width);
  for (let row = 0, index = 0; row < height; row++) {
    const down = (row + 0.5 - height / 2) / longSide;
    for (let column = 0; column < width; column++, index++) {
      const across = (column + 0.5 - width / 2) / longSide;
      distances.values[index] = down ** 2 + across ** 2;
    }
  }
  return distances;
}

/** Applies the B of the rules. */
export function blurPlane(plane: Plane, blur = BLUR): Plane {
  const longSide = Math.max(plane.height, plane.width);
  return smooth(plane, Math.max(Math.trunc(blur * longSide + 0.5), 1));
}

/** Returns the V of the rules for the pixel that starts at `at`. */
function maxChannel(values: Float32Array, offset: number): number {
  return Math.max(values[offset], values[offset + 1], values[offset + 2]);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
