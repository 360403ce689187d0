import type {Repair} from '../core/index.js';
import type {LeftOut} from '../files/companions.js';
import type {CallOptions} from './calls.js';
import {Caller} from './calls.js';
import type {Runner} from './network.js';
import {startWorker} from './startWorker.js';
import workerScript from './correctionWorker.ts?worker&url';

/** A `LocalAffine` as workers hand it to each other. */
export interface PlainModel {
  readonly height: number;
  readonly width: number;
  readonly gain: Float32Array;
  readonly offset: Float32Array;
}

/** The light that is wanted of a photograph's analysis. */
export interface Asked {
  /** One light or several, as `lightMixture` takes them; without a network for them it does nothing. */
  readonly light: string;
  /** How many times it is wanted, at least 1; see `amountOf`. */
  readonly amount: number;
}

/** What a photograph's analysis found for a light, for its correction. */
export interface Found extends Asked {
  readonly model: PlainModel;
  readonly repairs: readonly Repair[];
}

/** How a photograph shall look. */
export interface Look {
  /** From 0, the original, over 1 to 2, twice the light. */
  readonly strength: number;
  /** Stops, -3 to 3. */
  readonly brightness: number;
  /** From -1, cooler, to 1, warmer. */
  readonly warmth: number;
}

export interface LoadOrder {
  readonly base: string;
  readonly isolated: boolean;
}

/** What was loaded: what runs the network, and the addresses of its runtime. */
export interface Loaded {
  readonly runner: Runner;
  readonly runtime: string[];
  /** Whether the model can be told where the light comes from. */
  readonly takesLights: boolean;
}

export interface AnalyzeOrder extends Asked {
  /** Says which photograph it is, for as long as the page is open. */
  readonly id: number;
  readonly blob: Blob;
  /** The longest side of the picture for the view, in pixels; 0 if it is not to be shown. */
  readonly previewSide: number;
}

/** A photograph for the view. */
export interface Preview {
  readonly photo: ImageBitmap;
  /** The same with its repairs; null if there are none. */
  readonly repaired: ImageBitmap | null;
}

/** What is known of a photograph after the network saw it; times are milliseconds. */
export interface Analyzed extends Found {
  readonly width: number;
  readonly height: number;
  readonly thumbnail: ImageBitmap;
  readonly preview: Preview | null;
  readonly networkTime: number;
  readonly wholeTime: number;
  readonly runner: Runner;
  /** Whether it shows so little flash that the light leaves it almost as it is. */
  readonly isLeft: boolean;
  /** What of the file cannot be kept. */
  readonly leftOut: LeftOut[];
}

export interface LightOrder extends Asked {
  readonly id: number;
}

/** The photograph on the screen under another light; times are milliseconds. */
export interface Relit {
  readonly model: PlainModel;
  readonly networkTime: number;
  readonly wholeTime: number;
  readonly isLeft: boolean;
}

export interface SaveOrder extends Look, Asked {
  readonly id: number;
  readonly blob: Blob;
  /** By the photograph's analysis; null if that was forgotten. */
  readonly found: Found | null;
}

/** A corrected photograph as a file. */
export interface Saved {
  readonly blob: Blob;
  readonly leftOut: LeftOut[];
  readonly wholeTime: number;
}

/** The worker that corrects photographs, as the page calls it: one call at a time, and `relight` beside it. */
export class CorrectionService {
  private readonly caller = new Caller(startWorker(workerScript));

  /** Loads runtime and model; anything else waits for it. */
  load(): Promise<Loaded> {
    const base = new URL('./', document.baseURI).href;
    return this.caller.call('load', {base, isolated: crossOriginIsolated} satisfies LoadOrder);
  }

  /** Tries whether the graphics card runs the network, and right, and faster. */
  tryGpu(): Promise<Runner> {
    return this.caller.call('tryGpu', null);
  }

  /** Lets the network see a photograph. */
  analyze(order: AnalyzeOrder, options: CallOptions): Promise<Analyzed> {
    return this.caller.call('analyze', order, options);
  }

  /** Shows the photograph that was analyzed last for the view under another light; null for any other. */
  relight(order: LightOrder): Promise<Relit | null> {
    return this.caller.call('relight', order);
  }

  /** Corrects a photograph at its full size and writes it as a file. */
  save(order: SaveOrder, options: CallOptions): Promise<Saved> {
    return this.caller.call('save', order, options);
  }
}
