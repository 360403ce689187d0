import type {LeftOut} from '../files/companions.js';
import type {Problem} from '../files/problem.js';
import {amountOf} from '../core/index.js';
import type {Analyzed, Asked, Look, SaveOrder} from '../work/correctionService.js';
import {shownName} from './names.js';

export const NEUTRAL: Look = {strength: 1, brightness: 0, warmth: 0};

/** A photograph that the user has added. */
export class Photo {
  private static count = 0;

  /** A unique number. */
  readonly id = ++Photo.count;
  state: 'waiting' | 'working' | 'ready' | 'cancelled' | 'failed' = 'waiting';
  problem: Problem | null = null;
  isRemoved = false;
  look = NEUTRAL;

  /** The light for a network for placed light: a name, or `AZIMUTH,ELEVATION,SIZE`. */
  light = 'auto';
  thumbnail: ImageBitmap | null = null;

  /** Contents of its file that a result lacks. */
  leftOut: LeftOut[] = [];

  /**
   * Only for the photograph on the screen, because it takes megabytes. Without the preview's
   * pixels.
   */
  analysis: Analyzed | null = null;

  constructor(
    readonly file: File,
    readonly isSample = false,
  ) {}

  /** Its name for display. */
  get name(): string {
    return shownName(this.file.name);
  }

  /** The light to request for its analysis. */
  get asked(): Asked {
    return {light: this.light, amount: amountOf(this.look.strength)};
  }

  /** The order to save it with its current settings. */
  get order(): SaveOrder {
    const {id, file, asked, look, analysis} = this;
    // Without the thumbnail, which may be closed before the order is processed.
    const found = analysis && {
      light: analysis.light,
      amount: analysis.amount,
      model: analysis.model,
      repairs: analysis.repairs,
    };
    return {id, blob: file, found, ...asked, ...look};
  }

  /** Whether the analysis is for `asked`. If so, no new analysis is needed. */
  get isAnswered(): boolean {
    const {light, amount} = this.asked;
    return this.analysis?.light === light && this.analysis.amount === amount;
  }

  /** Releases its thumbnail and its analysis. */
  forget(): void {
    this.thumbnail?.close();
    this.thumbnail = null;
    this.analysis = null;
  }
}
