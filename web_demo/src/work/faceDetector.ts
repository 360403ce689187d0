import type {CompiledModel} from '@litertjs/core';
import type {FaceNetwork} from '../core/index.js';
import {Problem} from '../files/problem.js';
import {compileModel, runModel} from './runtime.js';

/** Candidate faces of the network, and numbers for each of them. */
const [CANDIDATES, VALUES_PER_CANDIDATE] = [896, 16];

/** The face detector in LiteRT.js. It is small enough for the CPU. */
export class FaceDetector implements FaceNetwork {
  private constructor(private readonly model: CompiledModel) {}

  /**
   * Loads the detector. The runtime must be loaded.
   *
   * @throws Problem if it does not run here.
   */
  static async load(file: Uint8Array): Promise<FaceDetector> {
    return new FaceDetector(await compileModel(file));
  }

  async run(image: Float32Array): Promise<{points: Float32Array; scores: Float32Array}> {
    const outputs = await runModel(this.model, image);
    const points = outputs.find(({length}) => length === CANDIDATES * VALUES_PER_CANDIDATE);
    const scores = outputs.find(({length}) => length === CANDIDATES);
    if (!points || !scores) throw new Problem('modelFailed', {reason: 'no face detector'});
    return {points, scores};
  }
}
