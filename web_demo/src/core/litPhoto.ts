import {ModelFailed} from './corrector.js';
import type {Face} from './faces.js';
import {flashShare} from './flashShare.js';
import {linearStep} from './lightLimits.js';
import {type LightMixture, parseLightMixture} from './lightMixtures.js';
import {LITTLE_FLASH, MUCH_FLASH, RelightablePhoto} from './lights.js';
import {applyTint, type MixedGain, PlacedLight} from './placedLight.js';
import {RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';
import type {WorkingCopy} from './workingCopy.js';

/** A loaded network for placed light. */
export interface LightEngine {
  readonly height: number;
  readonly width: number;

  /**
   * Reads an image once for all lights. Takes `height * width * 3` values, interleaved RGB in [0,
   * 1].
   */
  read(image: Float32Array): Promise<ReadImage>;
}

/** An image that a network for placed light has read. */
export interface ReadImage {
  /**
   * The flash's share of the image's light. Values outside [0, 1] are clamped. It is 1 for a
   * network that does not estimate it.
   */
  readonly flashShare: number;

  /**
   * Returns what a light would do: the natural logarithm of the gain in linear light, row by row.
   * The result has the image's size, or a few more rows at the bottom and columns at the right.
   *
   * @param light the 13 numbers that describe the light to the network.
   */
  logGain(light: Float32Array): Promise<{height: number; width: number; values: Float32Array}>;

  /** Releases what was read. */
  forget(): void;
}

/**
 * The small copy of a photograph under any light. Matches `keras_f2a.correction.lit_photo` in the
 * Python package.
 */
export class LitPhoto {
  private readonly placed: PlacedLight;
  private readonly relightable: RelightablePhoto | null;
  private readonly flashShare: number;
  private last: {readonly light: string; readonly gain: MixedGain} | null = null;

  private constructor(
    /** The small copy. */
    readonly small: RgbImage,
    private readonly plan: WorkingCopy,
    private readonly read: ReadImage,
    faces: readonly Face[] | null,
    flashFired: boolean | null,
  ) {
    this.placed = new PlacedLight(small);
    this.relightable = faces && new RelightablePhoto(small, faces);
    this.flashShare = flashShare(Math.min(Math.max(read.flashShare, 0), 1), flashFired);
  }

  /**
   * Lets a network read a photograph.
   *
   * @param small its small copy.
   * @param plan how the copy lies in the network's frame.
   * @param engine the network.
   * @param faces the faces in the copy, for the rules of light; null for the network's own result.
   * @param flashFired whether the photograph's file says that the flash fired; null if it does not
   *   say.
   * @throws ModelFailed if the network's `flashShare` is not a finite number.
   */
  static async read(
    small: RgbImage,
    plan: WorkingCopy,
    engine: LightEngine,
    faces: readonly Face[] | null,
    flashFired: boolean | null = null,
  ): Promise<LitPhoto> {
    const read = await engine.read(plan.placeInFrame(small).values);
    if (!Number.isFinite(read.flashShare)) {
      read.forget();
      throw new ModelFailed('it does not tell how much of the light is a flash’s');
    }
    return new LitPhoto(small, plan, read, faces, flashFired);
  }

  /**
   * Returns the small copy under a light, and how many milliseconds the network took. The network
   * does not run again if the light is the same as in the previous call.
   *
   * @param light one light or several, as `parseLightMixture` takes them.
   * @param amount multiplier for the light, at least 1.
   * @throws RangeError if there is no such light.
   * @throws ModelFailed if the network returns no valid answer for it.
   */
  async under(light: string, amount = 1): Promise<{image: RgbImage; networkTime: number}> {
    const mixture = parseLightMixture(light);
    const start = performance.now();
    const gains = this.last?.light === light ? null : await this.predictGains(mixture);
    const networkTime = performance.now() - start;
    if (gains) this.last = {light, gain: this.placed.mix(gains, mixture)};
    const {logGain, tint} = this.last!.gain;
    const flashShare = mixture.isAuto ? this.flashShare : 1;
    const {image, factor} =
      this.relightable?.relight(logGain, mixture.rightward, amount, flashShare) ??
      this.placed.applyGain(logGain, amount);
    return {image: tint ? applyTint(image, factor, tint) : image, networkTime};
  }

  /**
   * Returns whether the photograph shows so little flash that a light leaves it almost unchanged.
   */
  isAlmostUnchanged(light: string): boolean {
    const usesFlashShare = parseLightMixture(light).isAuto && this.relightable !== null;
    return usesFlashShare && linearStep(this.flashShare, LITTLE_FLASH, MUCH_FLASH) < ALMOST_NONE;
  }

  /** Releases what the network has read. No light can be requested afterward. */
  forget(): void {
    this.read.forget();
  }

  private async predictGains({descriptors}: LightMixture): Promise<Plane[]> {
    const gains: Plane[] = [];
    for (const descriptor of descriptors) gains.push(await this.logGain(descriptor));
    return gains;
  }

  private async logGain(descriptor: Float32Array): Promise<Plane> {
    const {height, width, values} = await this.read.logGain(descriptor);
    const {frameHeight, frameWidth} = this.plan;
    if (height < frameHeight || width < frameWidth || values.length !== height * width) {
      throw new ModelFailed(`${values.length} values for ${width} x ${height} pixels`);
    }
    if (!values.every(Number.isFinite)) {
      throw new ModelFailed("the model's output has NaN or infinite values");
    }
    return this.plan.cropPlaneFromFrame(values, width);
  }
}

/** If less than this fraction of `auto` is applied, the photograph counts as almost unchanged. */
const ALMOST_NONE = 0.1;
