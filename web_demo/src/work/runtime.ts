/** LiteRT.js: loading its runtime and models, and running one inference. */
import {type CompiledModel, loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';
import {Problem} from '../files/problem.js';
import {isLoadError} from './loss.js';

/**
 * Loads the LiteRT.js runtime and returns its number of threads.
 *
 * @param folder where its files are.
 * @param isolated whether the page is cross-origin isolated, as threads require.
 * @throws Problem if it does not run here.
 */
export async function loadRuntime(folder: string, isolated: boolean): Promise<number> {
  // The worker's own URL is a blob's, so the runtime could not find its files relative to it.
  const moduleOptions = (threaded: boolean) => ({
    locateFile: (name: string) => folder + name,
    mainScriptUrlOrBlob: threaded ? `${folder}litert_wasm_threaded_internal.js` : undefined,
  });
  const scope = self as unknown as {Module?: object};
  if (isolated) {
    try {
      scope.Module = moduleOptions(true);
      await loadLiteRt(folder, {threads: true});
      return navigator.hardwareConcurrency;
    } catch {
      // The browser lacks relaxed SIMD or cannot start nested workers.
    }
  }
  try {
    scope.Module = moduleOptions(false);
    await loadLiteRt(folder);
    return 1;
  } catch (error) {
    const isMissing = isLoadError(error) || !(await isReachable(`${folder}litert_wasm_internal.js`));
    throw isMissing ? new Problem('modelMissing') : new Problem('modelFailed', {reason: String(error)});
  }
}

/** Returns whether the server answers, bypassing the service worker. */
function isReachable(url: string): Promise<boolean> {
  return fetch(url, {method: 'HEAD', cache: 'no-store'}).then(
    ({ok}) => ok,
    () => false,
  );
}

/**
 * Compiles a model for the CPU. The runtime must be loaded.
 *
 * @throws Problem if it does not run here.
 */
export async function compileModel(file: Uint8Array): Promise<CompiledModel> {
  try {
    return await loadAndCompile(file, {accelerator: 'wasm'});
  } catch (error) {
    throw new Problem('modelFailed', {reason: String(error)});
  }
}

/** Runs a model on one image and returns its outputs. */
export async function runModel(model: CompiledModel, image: Float32Array): Promise<Float32Array[]> {
  const input = new Tensor(image, [...model.getInputDetails()[0].shape]);
  try {
    const outputs = await model.run(input);
    try {
      const values = await Promise.all(outputs.map((output) => output.data()));
      return values.map((value) => Float32Array.from(value as Float32Array));
    } finally {
      for (const output of outputs) output.delete();
    }
  } finally {
    input.delete();
  }
}
