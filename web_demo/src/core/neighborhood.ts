import {CHANNELS, RgbImage} from './rgbImage.js';

const {fround} = Math;

/**
 * Returns the mean over the 3x3 window of every pixel. Edge pixels are repeated outside the image.
 */
export function windowMean(image: RgbImage): RgbImage {
  return filterHorizontally(filterVertically(image, 1, 1), 1, 9);
}

/** Returns the image blurred by [1 6 1] / 8 down and across, with edge pixels repeated outside. */
export function blur(image: RgbImage): RgbImage {
  return filterHorizontally(filterVertically(image, 6, 8), 6, 8);
}

/**
 * (above + center * itself + below) / divisor, summed in the same order as in the Python package.
 */
function filterVertically(image: RgbImage, center: number, divisor: number): RgbImage {
  const result = new RgbImage(image.height, image.width);
  const {values} = image;
  const means = result.values;
  const length = image.width * CHANNELS;
  for (let row = 0; row < image.height; row++) {
    const here = row * length;
    const above = Math.max(row - 1, 0) * length;
    const below = Math.min(row + 1, image.height - 1) * length;
    for (let index = 0; index < length; index++) {
      const sum = fround(values[above + index] + fround(center * values[here + index]));
      means[here + index] = fround(sum + values[below + index]) / divisor;
    }
  }
  return result;
}

/** (left + center * itself + right) / divisor, summed in this order. */
function filterHorizontally(image: RgbImage, center: number, divisor: number): RgbImage {
  const result = new RgbImage(image.height, image.width);
  const {values} = image;
  const means = result.values;
  const length = image.width * CHANNELS;
  for (let start = 0; start < values.length; start += length) {
    const last = start + length - CHANNELS;
    for (let index = start; index < start + length; index++) {
      const left = values[index < start + CHANNELS ? index : index - CHANNELS];
      const right = values[index < last ? index + CHANNELS : index];
      means[index] = fround(fround(left + fround(center * values[index])) + right) / divisor;
    }
  }
  return result;
}
