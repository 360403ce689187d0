import {blurred, windowMean} from './neighbourhood.js';
import {RgbImage} from './rgbImage.js';

const {fround} = Math;

/** A gain and an offset for every small pixel and channel: corrected = gain * flash + offset. */
export class LocalAffine {
  /**
   * @param gain the factors.
   * @param offset what is added, in units of the value range [0, 1].
   */
  constructor(
    readonly gain: RgbImage,
    readonly offset: RgbImage,
  ) {}

  /**
   * Fits the model to what the network did to the small image: steps 1 to 6 of
   * `keras_f2a.correction.full_resolution`, in the Python package, which says why each is there.
   *
   * @param flash the small flash image.
   * @param corrected the network's output for it, of the same size.
   */
  static fit(flash: RgbImage, corrected: RgbImage): LocalAffine {
    const target = new Target(corrected);
    let input = flash;
    let best = fitOnce(input, target);
    for (let blurring = 0; blurring < MOST_BLURRINGS; blurring++) {
      input = blurred(input);
      const candidate = fitOnce(input, target);
      if (candidate.residual > WORTHWHILE * best.residual) break;
      best = candidate;
    }
    return new LocalAffine(windowMean(best.gain), windowMean(best.offset));
  }

  /** Returns the model of strength * corrected + (1 - strength) * flash. */
  mixedWithOriginal(strength: number): LocalAffine {
    return new LocalAffine(
      mapped(this.gain, (value) => 1 + strength * (value - 1)),
      mapped(this.offset, (value) => strength * value),
    );
  }
}

/** What every fit takes from the network's output. */
class Target {
  readonly mean: Float32Array;
  readonly spread: Float32Array;

  constructor(readonly image: RgbImage) {
    this.mean = windowMean(image).values;
    const squares = windowMean(product(image, image)).values;
    this.spread = squares.map((value, index) => value - fround(this.mean[index] * this.mean[index]));
  }
}

interface Fit {
  readonly gain: RgbImage;
  readonly offset: RgbImage;
  /** The mean squared difference that it leaves. */
  readonly residual: number;
}

/** The regression of the network's output on an image, in each window. Every step in float32. */
function fitOnce(flash: RgbImage, target: Target): Fit {
  const gain = new RgbImage(flash.height, flash.width);
  const offset = new RgbImage(flash.height, flash.width);
  const means = windowMean(flash).values;
  const squares = windowMean(product(flash, flash)).values;
  const products = windowMean(product(flash, target.image)).values;
  let residuals = 0;
  for (let index = 0; index < means.length; index++) {
    const i = means[index];
    const o = target.mean[index];
    const variance = Math.max(fround(squares[index] - fround(i * i)), 0);
    const covariance = fround(products[index] - fround(i * o));
    const ratio = fround(fround(o + RATIO_FLOOR) / fround(i + RATIO_FLOOR));
    const above = fround(covariance + fround(REGULARIZATION * ratio));
    const ridge = fround(above / fround(variance + REGULARIZATION));
    const slope = Math.min(Math.max(ridge, 0), fround(LARGEST_GAIN * ratio));
    residuals += target.spread[index] - 2 * slope * covariance + slope * slope * variance;
    gain.values[index] = slope;
    offset.values[index] = o - fround(slope * i);
  }
  return {gain, offset, residual: residuals / means.length};
}

function product(a: RgbImage, b: RgbImage): RgbImage {
  return new RgbImage(
    a.height,
    a.width,
    a.values.map((value, index) => value * b.values[index]),
  );
}

function mapped(image: RgbImage, change: (value: number) => number): RgbImage {
  return new RgbImage(image.height, image.width, image.values.map(change));
}

const REGULARIZATION = fround(1e-4);
const RATIO_FLOOR = fround(0.02);
const LARGEST_GAIN = 4;
const MOST_BLURRINGS = 12;
const WORTHWHILE = 0.99;
