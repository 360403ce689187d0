import type {LocalAffine} from './localAffine.js';
import type {Repair} from './redEyes.js';
import type {RgbImage} from './rgbImage.js';

/** What the network does to a photograph. */
export interface Analysis {
  /** Applies to the photograph at any size and any tone, in full or mixed with the original. */
  readonly model: LocalAffine;

  /** The darkened red eyes. They apply whenever any part of the correction does. */
  readonly repairs: readonly Repair[];

  /** The corrected small copy, upright and with the photograph's aspect ratio. */
  readonly corrected: RgbImage;

  /** Milliseconds that the network took. */
  readonly networkTime: number;

  /** Whether the photograph shows so little flash that the light leaves it almost unchanged. */
  readonly isAlmostUnchanged: boolean;
}

/** A photograph that a network has read and can now correct under different lights. */
export interface SeenPhoto {
  /**
   * Returns what a light does to the photograph. The network does not run again if the light is the
   * same as in the previous call. A network that knows only one light never runs again.
   *
   * @param light one light or several, such as `auto`, `lamp-left@2700` or `-20,10,0.1`.
   * @param amount multiplier for the light, at least 1; see `amountOf`.
   * @throws RangeError if there is no such light.
   * @throws ModelFailed if the network returns no valid answer for it.
   */
  under(light: string, amount?: number): Promise<Analysis>;

  /** Releases what the network has read. No other method may be called afterward. */
  forget(): void;
}
