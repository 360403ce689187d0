import type {LeftOut} from '../files/companions.js';
import type {Problem} from '../files/problem.js';
import {amountOf} from '../core/index.js';
import type {AnalyzeResponse, LightRequest, Look, SaveRequest} from '../work/correctionService.js';
import {displayName} from './names.js';

export const NEUTRAL: Look = {strength: 1, brightness: 0, warmth: 0};

/** A photograph that the user has added. */
export class Photo {
  private static lastId = 0;

  /** A unique number. */
  readonly id = ++Photo.lastId;
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
  analysis: AnalyzeResponse | null = null;

  constructor(
    readonly file: File,
    readonly isSample = false,
  ) {}

  /** Its name for display. */
  get name(): string {
    return displayName(this.file.name);
  }

  /** The light to request for its analysis. */
  get lightRequest(): LightRequest {
    return {light: this.light, amount: amountOf(this.look.strength)};
  }

  /** The request to save it with its current settings. */
  get saveRequest(): SaveRequest {
    const {id, file, lightRequest, look, analysis} = this;
    // Without the thumbnail, which may be closed before the request is handled.
    const correction = analysis && {
      light: analysis.light,
      amount: analysis.amount,
      model: analysis.model,
      repairs: analysis.repairs,
    };
    return {id, blob: file, correction, ...lightRequest, ...look};
  }

  /** Whether the analysis is for `lightRequest`. If so, no new analysis is needed. */
  get isUpToDate(): boolean {
    const {light, amount} = this.lightRequest;
    return this.analysis?.light === light && this.analysis.amount === amount;
  }

  /** Releases its thumbnail and its analysis. */
  release(): void {
    this.thumbnail?.close();
    this.thumbnail = null;
    this.analysis = null;
  }
}
