import {blur, windowMean} from './neighborhood.js';
import {RgbImage} from './rgbImage.js';

const {fround} = Math;

/** A gain and an offset for every small pixel and channel: corrected = gain * flash + offset. */
export class LocalAffine {
  /**
   * @param gain the factors.
   * @param offset the term that is added, in units of the value range [0, 1].
   */
  constructor(
    readonly gain: RgbImage,
    readonly offset: RgbImage,
  ) {}

  /** Returns the model of strength * corrected + (1 - strength) * flash. */
  blendWithOriginal(strength: number): LocalAffine {
    return new LocalAffine(
      mapImage(this.gain, (value) => 1 + strength * (value - 1)),
      mapImage(this.offset, (value) => strength * value),
    );
  }
}

/**
 * Fits models to the corrections of one small image: steps 1 to 6 of
 * `keras_f2a.correction.full_resolution` in the Python package, which explains each step. Whatever
 * depends on the flash image alone is computed once for all models.
 */
export class LocalAffineFit {
  private readonly sources: Windows[];

  /** @param flash the small flash image. */
  constructor(flash: RgbImage) {
    this.sources = [new Windows(flash)];
  }

  /**
   * Returns the model of a corrected image.
   *
   * @param corrected an image of the flash image's size.
   */
  fitTo(corrected: RgbImage): LocalAffine {
    const target = new Windows(corrected);
    let best = fitOnce(this.sources[0], target);
    for (let blurCount = 1; blurCount <= MAX_BLURS; blurCount++) {
      const candidate = fitOnce(this.windowsAfterBlurs(blurCount), target);
      if (candidate.residual > WORTHWHILE_RATIO * best.residual) break;
      best = candidate;
    }
    return new LocalAffine(windowMean(best.gain), windowMean(best.offset));
  }

  /**
   * Returns the windows of the flash image after `blurrings` blurs. The argument may exceed that of
   * earlier calls by at most 1.
   */
  private windowsAfterBlurs(blurCount: number): Windows {
    const {sources} = this;
    if (blurCount === sources.length) sources.push(new Windows(blur(sources[blurCount - 1].image)));
    return sources[blurCount];
  }
}

/** An image with the mean and variance of every window. Rounding may leave a variance below 0. */
class Windows {
  readonly mean: Float32Array;
  readonly variance: Float32Array;

  constructor(readonly image: RgbImage) {
    this.mean = windowMean(image).values;
    this.variance = windowMean(product(image, image)).values;
    const {mean, variance} = this;
    for (let index = 0; index < mean.length; index++) variance[index] -= fround(mean[index] * mean[index]);
  }
}

interface Fit {
  readonly gain: RgbImage;
  readonly offset: RgbImage;
  /** The mean squared difference that remains. */
  readonly residual: number;
}

/** Regresses the network's output on an image, in each window. Every step is in float32. */
function fitOnce(source: Windows, target: Windows): Fit {
  const {height, width} = source.image;
  const gain = new RgbImage(height, width);
  const offset = new RgbImage(height, width);
  const products = windowMean(product(source.image, target.image)).values;
  const [gains, offsets] = [gain.values, offset.values];
  const [means, variances] = [source.mean, source.variance];
  const [targets, targetVariances] = [target.mean, target.variance];
  let residualSum = 0;
  for (let index = 0; index < products.length; index++) {
    const sourceMean = means[index];
    const targetMean = targets[index];
    const variance = Math.max(variances[index], 0);
    const covariance = fround(products[index] - fround(sourceMean * targetMean));
    const ratio = fround(fround(targetMean + RATIO_FLOOR) / fround(sourceMean + RATIO_FLOOR));
    const numerator = fround(covariance + fround(REGULARIZATION * ratio));
    const ridge = fround(numerator / fround(variance + REGULARIZATION));
    const slope = Math.min(Math.max(ridge, 0), fround(LARGEST_GAIN * ratio));
    residualSum += targetVariances[index] - 2 * slope * covariance + slope * slope * variance;
    gains[index] = slope;
    offsets[index] = targetMean - fround(slope * sourceMean);
  }
  return {gain, offset, residual: residualSum / products.length};
}

function product(a: RgbImage, b: RgbImage): RgbImage {
  // Loops, because `map` on typed arrays takes several times as long.
  const result = new RgbImage(a.height, a.width);
  const [values, others, products] = [a.values, b.values, result.values];
  for (let index = 0; index < values.length; index++) products[index] = values[index] * others[index];
  return result;
}

function mapImage(image: RgbImage, change: (value: number) => number): RgbImage {
  const result = new RgbImage(image.height, image.width);
  for (let index = 0; index < image.values.length; index++) {
    result.values[index] = change(image.values[index]);
  }
  return result;
}

const REGULARIZATION = fround(1e-4);
const RATIO_FLOOR = fround(0.02);
const LARGEST_GAIN = 4;
const MAX_BLURS = 12;
const WORTHWHILE_RATIO = 0.99;
