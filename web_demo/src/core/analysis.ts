import type {LocalAffine} from './localAffine.js';
import type {Repair} from './redEyes.js';
import type {RgbImage} from './rgbImage.js';

/** What the network does to a photograph. */
export interface Analysis {
  /** To be applied to the photograph at any size and any tone, as a whole or mixed with the original. */
  readonly model: LocalAffine;

  /** Red eyes that are dark now; where any of the correction is applied, so are they. */
  readonly repairs: readonly Repair[];

  /** The small copy as it is corrected, upright, of the photograph's aspect ratio. */
  readonly corrected: RgbImage;

  /** Milliseconds that the network took. */
  readonly networkTime: number;

  /** Whether the photograph shows so little flash that the light leaves it almost as it is. */
  readonly isLeft: boolean;
}

/** A photograph that a network has seen, to be asked how it is corrected. */
export interface SeenPhoto {
  /**
   * Returns what a light does to the photograph. The network runs only for a light that it was not
   * asked for last, and a network that cannot be told of lights not at all.
   *
   * @param light one light or several, such as `auto`, `lamp-left@2700` or `-20,10,0.1`.
   * @param amount how many times the light is wanted, at least 1; see `amountOf`.
   * @throws RangeError if there is no such light.
   * @throws ModelFailed if the network does not answer it.
   */
  under(light: string, amount?: number): Promise<Analysis>;

  /** Lets go of what the network has read; nothing can be asked for afterward. */
  forget(): void;
}
