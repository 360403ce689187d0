import type {Repair} from '../core/index.js';
import type {LeftOut} from '../files/companions.js';
import type {CallOptions} from './calls.js';
import {Caller} from './calls.js';
import type {Runner} from './network.js';
import {startWorker} from './startWorker.js';
import workerScript from './correctionWorker.ts?worker&url';

/** A `LocalAffine` in the form that workers exchange. */
export interface TransferableModel {
  readonly height: number;
  readonly width: number;
  readonly gain: Float32Array;
  readonly offset: Float32Array;
}

/** The light requested for a photograph. */
export interface LightRequest {
  /** One light or several, as `parseLightMixture` takes them. Ignored by a generator. */
  readonly light: string;
  /** Multiplier for the light, at least 1; see `amountOf`. */
  readonly amount: number;
}

/** The result of a photograph's analysis under a light, needed to correct it. */
export interface CorrectionData extends LightRequest {
  readonly model: TransferableModel;
  readonly repairs: readonly Repair[];
}

/** How a photograph should look. */
export interface Look {
  /** From 0, the original, through 1 to 2, twice the light. */
  readonly strength: number;
  /** Stops, -3 to 3. */
  readonly brightness: number;
  /** From -1, cooler, to 1, warmer. */
  readonly warmth: number;
}

export interface LoadRequest {
  readonly base: string;
  readonly isolated: boolean;
}

/** Which runner the network uses, and the URLs of the runtime's files. */
export interface LoadResponse {
  readonly runner: Runner;
  readonly runtime: string[];
  /** Whether the model accepts a direction of the light. */
  readonly supportsLights: boolean;
}

export interface AnalyzeRequest extends LightRequest {
  /** Identifies the photograph for as long as the page is open. */
  readonly id: number;
  readonly blob: Blob;
  /** The longest side of the preview in pixels; 0 for no preview. */
  readonly previewSide: number;
}

/** A photograph to show on the page. */
export interface Preview {
  readonly photo: ImageBitmap;
  /** The photograph with its repairs; null if there are none. */
  readonly repaired: ImageBitmap | null;
}

/** The results of a photograph's analysis. Times are in milliseconds. */
export interface AnalyzeResponse extends CorrectionData {
  readonly width: number;
  readonly height: number;
  readonly thumbnail: ImageBitmap;
  readonly preview: Preview | null;
  readonly networkTime: number;
  readonly totalTime: number;
  readonly runner: Runner;
  /** Whether it shows so little flash that the light leaves it almost unchanged. */
  readonly isAlmostUnchanged: boolean;
  /** Contents of the file that cannot be kept. */
  readonly leftOut: LeftOut[];
}

export interface RelightRequest extends LightRequest {
  readonly id: number;
}

/** The photograph on the screen under another light. Times are in milliseconds. */
export interface RelightResponse {
  readonly model: TransferableModel;
  readonly networkTime: number;
  readonly totalTime: number;
  readonly isAlmostUnchanged: boolean;
}

export interface SaveRequest extends Look, LightRequest {
  readonly id: number;
  readonly blob: Blob;
  /** The result of the photograph's analysis; null if it was discarded. */
  readonly correction: CorrectionData | null;
}

/** A corrected photograph as a file. */
export interface SaveResponse {
  readonly blob: Blob;
  readonly leftOut: LeftOut[];
  readonly totalTime: number;
}

/**
 * The page's interface to the worker that corrects photographs. Make one call at a time, except for
 * `relight`.
 */
export class CorrectionService {
  private readonly caller = new Caller(startWorker(workerScript));

  /** Loads the runtime and the model. All other calls wait for this one. */
  load(): Promise<LoadResponse> {
    const base = new URL('./', document.baseURI).href;
    return this.caller.call('load', {base, isolated: crossOriginIsolated} satisfies LoadRequest);
  }

  /** Tests whether the GPU runs the network correctly and faster. */
  tryGpu(): Promise<Runner> {
    return this.caller.call('tryGpu', null);
  }

  /** Runs the network on a photograph. */
  analyze(request: AnalyzeRequest, options: CallOptions): Promise<AnalyzeResponse> {
    return this.caller.call('analyze', request, options);
  }

  /**
   * Returns the last photograph analyzed with a preview under another light; null for any other
   * one.
   */
  relight(request: RelightRequest): Promise<RelightResponse | null> {
    return this.caller.call('relight', request);
  }

  /** Corrects a photograph at full size and writes it to a file. */
  save(request: SaveRequest, options: CallOptions): Promise<SaveResponse> {
    return this.caller.call('save', request, options);
  }
}
