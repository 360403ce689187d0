/** LiteRT.js: its runtime, and one inference. */
import {type CompiledModel, loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';
import {Problem} from '../files/problem.js';
import {isLoss} from './loss.js';

/**
 * Loads LiteRT.js's runtime; returns the number of threads that it has.
 *
 * @param folder where its files are.
 * @param isolated whether the page is cross-origin isolated, as threads need.
 * @throws Problem if it does not run here.
 */
export async function loadRuntime(folder: string, isolated: boolean): Promise<number> {
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
    const isLost = isLoss(error) || !(await isReached(`${folder}litert_wasm_internal.js`));
    throw isLost ? new Problem('modelMissing') : new Problem('modelFailed', {reason: String(error)});
  }
}

/** Whether the server answers; the service worker does not answer in its place. */
function isReached(address: string): Promise<boolean> {
  return fetch(address, {method: 'HEAD', cache: 'no-store'}).then(
    ({ok}) => ok,
    () => false,
  );
}

/**
 * Makes a model ready to run on the processor; the runtime is loaded.
 *
 * @throws Problem if it does not run here.
 */
export async function compiled(file: Uint8Array): Promise<CompiledModel> {
  try {
    return await loadAndCompile(file, {accelerator: 'wasm'});
  } catch (error) {
    throw new Problem('modelFailed', {reason: String(error)});
  }
}

/** Runs a model on one image; returns its outputs. */
export async function outputsOf(model: CompiledModel, image: Float32Array): Promise<Float32Array[]> {
  const input = new Tensor(image, [...model.getInputDetails()[0].shape]);
  try {
    const outputs = await model.run(input);
    try {
      const values = await Promise.all(outputs.map((output) => output.data()));
      return values.map((each) => Float32Array.from(each as Float32Array));
    } finally {
      for (const output of outputs) output.delete();
    }
  } finally {
    input.delete();
  }
}
