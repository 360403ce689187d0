import {type CompiledModel, type SignatureRunner, Tensor} from '@litertjs/core';
import type {LightEngine, ReadImage} from '../core/index.js';
import {Problem} from '../files/problem.js';
import type {Runner} from './network.js';

/** Signature names of a file for placed light, as the Python package exports it. */
const [ENCODE, PREDICT] = ['encode', 'light'];
const [FLASH, LIGHT, LOG_GAIN] = ['flash', 'light', 'log_gain'];
/** Absent from older files. */
const FLASH_SHARE = 'flash_share';

/** A network for placed light in LiteRT.js, on the CPU: one file with two signatures. */
export class LightNetwork implements LightEngine {
  readonly height: number;
  readonly width: number;

  private constructor(
    private readonly encode: SignatureRunner,
    private readonly predict: SignatureRunner,
    private readonly threads: number,
  ) {
    [, this.height, this.width] = encode.getInputDetails()[0].shape;
  }

  /**
   * Returns the network of a file; null if the file is not for placed light.
   *
   * @param model the loaded file.
   * @param threads number of the runtime's threads.
   * @throws Problem if its signatures have unexpected inputs or outputs.
   */
  static of(model: CompiledModel, threads: number): LightNetwork | null {
    const {[ENCODE]: encode, [PREDICT]: predict} = model.signatures;
    if (!encode || !predict) return null;
    const features = namesOf(encode.getOutputDetails()).filter((name) => name !== FLASH_SHARE);
    const isAsExpected =
      namesOf(encode.getInputDetails()).join() === FLASH &&
      namesOf(predict.getOutputDetails()).join() === LOG_GAIN &&
      namesOf(predict.getInputDetails()).sort().join() === [...features, LIGHT].sort().join();
    if (!isAsExpected) throw new Problem('modelFailed', {reason: 'other inputs or outputs'});
    return new LightNetwork(encode, predict, threads);
  }

  get runner(): Runner {
    return {kind: this.threads > 1 ? 'threads' : 'wasm', threads: this.threads, gpu: 'untried'};
  }

  /** Does nothing, because these networks do not use the GPU. */
  async tryGpu(): Promise<void> {}

  async read(image: Float32Array): Promise<ReadImage> {
    const flash = new Tensor(image, [1, this.height, this.width, 3]);
    try {
      // They stay in the runtime's memory until `forget` is called.
      const {[FLASH_SHARE]: flashShare, ...features} = await this.encode.run({[FLASH]: flash});
      return {
        flashShare: flashShare ? await readScalar(flashShare) : 1,
        logGain: (light) => this.logGain(features, light),
        forget: () => {
          for (const feature of Object.values(features)) feature.delete();
        },
      };
    } finally {
      flash.delete();
    }
  }

  private async logGain(features: Record<string, Tensor>, light: Float32Array) {
    const lightTensor = new Tensor(light, [1, light.length]);
    try {
      const {[LOG_GAIN]: output} = await this.predict.run({...features, [LIGHT]: lightTensor});
      try {
        const [, height, width] = output.type.layout.dimensions;
        return {height, width, values: Float32Array.from((await output.data()) as Float32Array)};
      } finally {
        output.delete();
      }
    } finally {
      lightTensor.delete();
    }
  }
}

/** Returns a tensor's only number and frees the tensor. Returns NaN if it has any other size. */
async function readScalar(tensor: Tensor): Promise<number> {
  try {
    const values = (await tensor.data()) as Float32Array;
    return values.length === 1 ? values[0] : NaN;
  } finally {
    tensor.delete();
  }
}

function namesOf(details: readonly {readonly name: string}[]): string[] {
  return details.map(({name}) => name);
}
