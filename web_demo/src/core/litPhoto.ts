import {ModelFailed} from './corrector.js';
import type {Face} from './faces.js';
import {flashShare} from './flashShare.js';
import {shareBetween} from './lightLimits.js';
import {type LightMixture, lightMixture} from './lightMixtures.js';
import {LITTLE_FLASH, MUCH_FLASH, RuledPhoto} from './lights.js';
import {type MixedAnswer, PlacedLight, tinted} from './placedLight.js';
import {RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';
import type {WorkingCopy} from './workingCopy.js';

/** A network for placed light that is loaded. */
export interface LightEngine {
  readonly height: number;
  readonly width: number;

  /** Reads an image once for all lights: RGB, interleaved, in [0, 1], `height * width * 3` values. */
  read(image: Float32Array): Promise<ReadImage>;
}

/** An image that a network for placed light has read. */
export interface ReadImage {
  /**
   * Which share of the image's light is a flash's; values outside [0, 1] are taken to the nearer limit.
   * 1 from a network that does not tell.
   */
  readonly flashShare: number;

  /**
   * Returns what a light would do: the natural logarithm of the gain in linear light, row by row.
   * Each side is the image's, or a few more rows below and columns to the right.
   *
   * @param light the 13 numbers that the network is told of it.
   */
  logGain(light: Float32Array): Promise<{height: number; width: number; values: Float32Array}>;

  /** Lets go of what was read. */
  forget(): void;
}

/**
 * The small copy of a photograph under any light: `keras_f2a.correction.lit_photo`, in the Python
 * package.
 */
export class LitPhoto {
  private readonly placed: PlacedLight;
  private readonly ruled: RuledPhoto | null;
  private readonly flashShare: number;
  private last: {readonly light: string; readonly answer: MixedAnswer} | null = null;

  private constructor(
    /** The small copy. */
    readonly small: RgbImage,
    private readonly plan: WorkingCopy,
    private readonly read: ReadImage,
    faces: readonly Face[] | null,
    flashFired: boolean | null,
  ) {
    this.placed = new PlacedLight(small);
    this.ruled = faces && new RuledPhoto(small, faces);
    this.flashShare = flashShare(Math.min(Math.max(read.flashShare, 0), 1), flashFired);
  }

  /**
   * Lets a network read a photograph.
   *
   * @param small its small copy.
   * @param plan how that lies in the network's frame.
   * @param engine the network.
   * @param faces the faces in the copy for the rules of light; null for the network's own result.
   * @param flashFired whether the photograph's file says that the flash fired; null if it says nothing.
   * @throws ModelFailed if its answer is none.
   */
  static async read(
    small: RgbImage,
    plan: WorkingCopy,
    engine: LightEngine,
    faces: readonly Face[] | null,
    flashFired: boolean | null = null,
  ): Promise<LitPhoto> {
    const read = await engine.read(plan.intoFrame(small).values);
    if (!Number.isFinite(read.flashShare)) {
      read.forget();
      throw new ModelFailed('it does not tell how much of the light is a flash’s');
    }
    return new LitPhoto(small, plan, read, faces, flashFired);
  }

  /**
   * Returns the small copy under a light, and how many milliseconds the network took. It is not
   * asked again for the light that it was asked for last.
   *
   * @param light one light or several, as `lightMixture` takes them.
   * @param amount how many times the light is wanted, at least 1.
   * @throws RangeError if there is no such light.
   * @throws ModelFailed if the network does not answer it.
   */
  async under(light: string, amount = 1): Promise<{image: RgbImage; networkTime: number}> {
    const mixture = lightMixture(light);
    const start = performance.now();
    const gains = this.last?.light === light ? null : await this.gainsOf(mixture);
    const networkTime = performance.now() - start;
    if (gains) this.last = {light, answer: this.placed.mixed(gains, mixture)};
    const {logGain, tint} = this.last!.answer;
    const flashShare = mixture.isAuto ? this.flashShare : 1;
    const {image, factor} =
      this.ruled?.relit(logGain, mixture.rightward, amount, flashShare) ?? this.placed.shown(logGain, amount);
    return {image: tint ? tinted(image, factor, tint) : image, networkTime};
  }

  /** Whether the photograph shows so little flash that a light leaves it almost as it is. */
  isLeft(light: string): boolean {
    const isWanted = lightMixture(light).isAuto && this.ruled !== null;
    return isWanted && shareBetween(this.flashShare, LITTLE_FLASH, MUCH_FLASH) < ALMOST_NONE;
  }

  /** Lets go of what the network has read; no light can be asked for afterward. */
  forget(): void {
    this.read.forget();
  }

  private async gainsOf({numbers}: LightMixture): Promise<Plane[]> {
    const gains: Plane[] = [];
    for (const each of numbers) gains.push(await this.logGain(each));
    return gains;
  }

  private async logGain(numbers: Float32Array): Promise<Plane> {
    const {height, width, values} = await this.read.logGain(numbers);
    const {frameHeight, frameWidth} = this.plan;
    if (height < frameHeight || width < frameWidth || values.length !== height * width) {
      throw new ModelFailed(`${values.length} values for ${width} x ${height} pixels`);
    }
    if (!values.every(Number.isFinite)) {
      throw new ModelFailed('the output holds values that are not numbers');
    }
    return this.plan.planeOutOfFrame(values, width);
  }
}

/** Less than this part of `auto` is called almost none. */
const ALMOST_NONE = 0.1;
