import {type CompiledModel, getGlobalLiteRt, loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';
import type {Engine} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {testImage, tryCard, WatchedCard} from './gpuTrial.js';
import {isLoss} from './loss.js';

/** What came out when the GPU was tried, and so whether it is used. */
export type GpuVerdict = 'untried' | 'used' | 'missing' | 'failed' | 'different' | 'slower';

/** What runs the network. */
export interface Runner {
  readonly kind: 'wasm' | 'threads' | 'webgpu';
  readonly threads: number;
  readonly gpu: GpuVerdict;
}

/** The generator in LiteRT.js, on the processor, or on the graphics card once that has proven itself. */
export class Network implements Engine {
  readonly height: number;
  readonly width: number;
  private gpu: GpuVerdict = 'untried';
  private card: WatchedCard | null = null;
  private readonly shape: number[];

  private constructor(
    private readonly bytes: Uint8Array,
    private readonly model: CompiledModel,
    private readonly threads: number,
  ) {
    this.shape = [...model.getInputDetails()[0].shape];
    [, this.height, this.width] = this.shape;
  }

  /**
   * Loads the runtime and the model.
   *
   * @param base the folder of the page, with `wasm/` and `model.tflite`.
   * @param isolated whether the page is cross-origin isolated, as threads need.
   * @throws Problem if there is no model, or it does not run here.
   */
  static async load(base: string, isolated: boolean): Promise<Network> {
    const reading = readModel(`${base}model.tflite`);
    const threads = await loadRuntime(`${base}wasm/`, isolated);
    const bytes = await reading;
    try {
      const model = await loadAndCompile(bytes, {accelerator: 'wasm'});
      return new Network(bytes, model, threads);
    } catch (error) {
      throw new Problem('modelFailed', {reason: String(error)});
    }
  }

  get runner(): Runner {
    const kind = this.gpu === 'used' ? 'webgpu' : this.threads > 1 ? 'threads' : 'wasm';
    return {kind, threads: this.threads, gpu: this.gpu};
  }

  async run(image: Float32Array): Promise<Float32Array> {
    if (!this.card) return this.runWith(this.model, image);
    const output = await this.card.run(image);
    this.gpu = this.card.verdict;
    return output;
  }

  /** Tries the graphics card, once, and goes on with it if it agrees and is faster. */
  async tryGpu(): Promise<void> {
    if (this.gpu === 'untried') this.gpu = await this.compareWithGpu();
  }

  private async compareWithGpu(): Promise<GpuVerdict> {
    if (!getGlobalLiteRt().getDefaultEnvironment().webGpuDevice) return 'missing';
    let model: CompiledModel | null = null;
    try {
      const found = model = await loadAndCompile(this.bytes, {accelerator: 'webgpu'});
      // LiteRT.js falls back by itself where the card has no code for an operator.
      if (model.options.accelerator !== 'webgpu' || !model.isFullyAccelerated) return 'failed';
      const card = (image: Float32Array) => this.runWith(found, image);
      const processor = (image: Float32Array) => this.runWith(this.model, image);
      const verdict = await tryCard(card, processor, testImage(this.height, this.width));
      if (verdict === 'used') {
        this.card = new WatchedCard(card, processor);
        model = null;
      }
      return verdict;
    } catch {
      return 'failed';
    } finally {
      model?.delete();
    }
  }

  private async runWith(model: CompiledModel, image: Float32Array): Promise<Float32Array> {
    const input = new Tensor(image, this.shape);
    try {
      const [output] = await model.run(input);
      try {
        return Float32Array.from(await output.data() as Float32Array);
      } finally {
        output.delete();
      }
    } finally {
      input.delete();
    }
  }
}

async function readModel(address: string): Promise<Uint8Array> {
  const response = await fetch(address).catch(() => null);
  const content = response?.ok ? await response.arrayBuffer().catch(() => null) : null;
  if (!content) throw new Problem('modelMissing');
  return new Uint8Array(content);
}

/** Loads LiteRT.js's runtime; returns the number of threads that it has. */
async function loadRuntime(folder: string, isolated: boolean): Promise<number> {
  // The worker's own address is a blob's: the runtime could not find its files by it.
  const found = (threaded: boolean) => ({
    locateFile: (name: string) => folder + name,
    mainScriptUrlOrBlob: threaded ? `${folder}litert_wasm_threaded_internal.js` : undefined,
  });
  const scope = self as unknown as {Module?: object};
  if (isolated) {
    try {
      scope.Module = found(true);
      await loadLiteRt(folder, {threads: true});
      return navigator.hardwareConcurrency;
    } catch {
      // A browser without relaxed SIMD, or one that starts no further workers.
    }
  }
  try {
    scope.Module = found(false);
    await loadLiteRt(folder);
    return 1;
  } catch (error) {
    const isLost = isLoss(error) || !await isReached(`${folder}litert_wasm_internal.js`);
    throw isLost ? new Problem('modelMissing') : new Problem('modelFailed', {reason: String(error)});
  }
}

/** Whether the server answers; the service worker does not answer in its place. */
function isReached(address: string): Promise<boolean> {
  return fetch(address, {method: 'HEAD', cache: 'no-store'}).then(({ok}) => ok, () => false);
}
