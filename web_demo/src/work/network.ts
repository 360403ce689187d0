import {type CompiledModel, getGlobalLiteRt, loadAndCompile} from '@litertjs/core';
import type {Engine} from '../core/index.js';
import {MonitoredGpu, testImage, tryGpu} from './gpuTrial.js';
import {runModel} from './runtime.js';

/** The outcome of the GPU trial, which decides whether the GPU is used. */
export type GpuVerdict = 'untried' | 'used' | 'missing' | 'failed' | 'different' | 'slower';

/** What runs the network: its kind, threads and GPU verdict. */
export interface Runner {
  readonly kind: 'wasm' | 'threads' | 'webgpu';
  readonly threads: number;
  readonly gpu: GpuVerdict;
}

/** A generator's file in LiteRT.js, on the CPU, or on the GPU once it has passed its trial. */
export class Network implements Engine {
  readonly height: number;
  readonly width: number;
  private gpu: GpuVerdict = 'untried';
  private monitoredGpu: MonitoredGpu | null = null;

  /**
   * @param bytes the `.tflite` file.
   * @param model the loaded file.
   * @param threads number of the runtime's threads.
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly model: CompiledModel,
    private readonly threads: number,
  ) {
    [, this.height, this.width] = model.getInputDetails()[0].shape;
  }

  get runner(): Runner {
    const kind = this.gpu === 'used' ? 'webgpu' : this.threads > 1 ? 'threads' : 'wasm';
    return {kind, threads: this.threads, gpu: this.gpu};
  }

  async run(image: Float32Array): Promise<Float32Array> {
    if (!this.monitoredGpu) return runOnImage(this.model, image);
    const output = await this.monitoredGpu.run(image);
    this.gpu = this.monitoredGpu.verdict;
    return output;
  }

  /** Tries the GPU, once, and keeps using it if it agrees with the CPU and is faster. */
  async tryGpu(): Promise<void> {
    if (this.gpu === 'untried') this.gpu = await this.compareWithGpu();
  }

  private async compareWithGpu(): Promise<GpuVerdict> {
    if (!getGlobalLiteRt().getDefaultEnvironment().webGpuDevice) return 'missing';
    let model: CompiledModel | null = null;
    try {
      const gpuModel = (model = await loadAndCompile(this.bytes, {accelerator: 'webgpu'}));
      // LiteRT.js silently falls back to the CPU if the GPU lacks an operator.
      if (model.options.accelerator !== 'webgpu' || !model.isFullyAccelerated) return 'failed';
      const gpu = (image: Float32Array) => runOnImage(gpuModel, image);
      const cpu = (image: Float32Array) => runOnImage(this.model, image);
      const verdict = await tryGpu(gpu, cpu, testImage(this.height, this.width));
      if (verdict === 'used') {
        this.monitoredGpu = new MonitoredGpu(gpu, cpu);
        model = null;
      }
      return verdict;
    } catch {
      return 'failed';
    } finally {
      model?.delete();
    }
  }
}

async function runOnImage(model: CompiledModel, image: Float32Array): Promise<Float32Array> {
  return (await runModel(model, image))[0];
}
