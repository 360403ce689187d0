import type {LeftOut} from '../files/companions.js';
import type {Problem} from '../files/problem.js';
import {amountOf} from '../core/index.js';
import type {Analyzed, Asked, Look, SaveOrder} from '../work/correctionService.js';
import {shownName} from './names.js';

export const NEUTRAL: Look = {strength: 1, brightness: 0, warmth: 0};

/** A photograph that somebody has picked. */
export class Photo {
  private static count = 0;

  /** Its own number. */
  readonly id = ++Photo.count;
  state: 'waiting' | 'working' | 'ready' | 'cancelled' | 'failed' = 'waiting';
  problem: Problem | null = null;
  isRemoved = false;
  look = NEUTRAL;

  /** What a network for placed light is told: a name, or `AZIMUTH,ELEVATION,SIZE`. */
  light = 'auto';
  thumbnail: ImageBitmap | null = null;

  /** What of its file a result lacks. */
  leftOut: LeftOut[] = [];

  /** Of the photograph on the screen alone: it holds megabytes. Without the pixels. */
  analysis: Analyzed | null = null;

  constructor(
    readonly file: File,
    readonly isSample = false,
  ) {}

  /** Its name as the page shows it. */
  get name(): string {
    return shownName(this.file.name);
  }

  /** What its analysis is asked for. */
  get asked(): Asked {
    return {light: this.light, amount: amountOf(this.look.strength)};
  }

  /** What it is to be saved as, by its settings of now. */
  get order(): SaveOrder {
    const {id, file, asked, look, analysis} = this;
    // Without the thumbnail, which may be closed before the order's turn comes.
    const found = analysis && {
      light: analysis.light,
      amount: analysis.amount,
      model: analysis.model,
      repairs: analysis.repairs,
    };
    return {id, blob: file, found, ...asked, ...look};
  }

  /** Whether its analysis is of that; then only strength, brightness and warmth may be new. */
  get isAnswered(): boolean {
    const {light, amount} = this.asked;
    return this.analysis?.light === light && this.analysis.amount === amount;
  }

  /** Lets go of its pictures. */
  forget(): void {
    this.thumbnail?.close();
    this.thumbnail = null;
    this.analysis = null;
  }
}
