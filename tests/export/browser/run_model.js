// Runs /model.tflite on the images of /images.bin (little-endian float32, one after the other) and
// sends the outputs, or the error, back to the server that this page came from.
import {loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';

async function read(path) {
  return (await fetch(path)).arrayBuffer();
}

async function run() {
  await loadLiteRt('/node_modules/@litertjs/core/wasm/');
  const bytes = new Uint8Array(await read('/model.tflite'));
  const model = await loadAndCompile(bytes, {accelerator: 'wasm'});
  const shape = [...model.getInputDetails()[0].shape];
  const images = new Float32Array(await read('/images.bin'));
  const length = shape.reduce((product, side) => product * side, 1);
  const outputs = new Float32Array(images.length);
  for (let start = 0; start < images.length; start += length) {
    const input = new Tensor(images.slice(start, start + length), shape);
    const [output] = await model.run(input);
    outputs.set(output.toTypedArray(), start);
    input.delete();
    output.delete();
  }
  return outputs.buffer;
}

run().then(
    outputs => fetch('/outputs', {method: 'POST', body: outputs}),
    error => fetch('/error', {method: 'POST', body: String(error.stack || error)}));
