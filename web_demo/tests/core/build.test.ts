import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {provenModel} from '../../tools/build_steps.js';

const WEIGHTS = new URL('../../../keras_f2a/weights/', import.meta.url);

let checkout: string;
const demo = () => pathToFileURL(`${checkout}/web_demo/`);

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  mkdirSync(join(checkout, 'web_demo/model'), {recursive: true});
  mkdirSync(join(checkout, 'keras_f2a/weights'), {recursive: true});
});
afterEach(() => rmSync(checkout, {recursive: true}));

function copy(suffix: string, target: string): void {
  const [name] = readdirSync(WEIGHTS).filter((each) => each.endsWith(`int8.${suffix}`));
  cpSync(new URL(name, WEIGHTS), join(checkout, target));
}

it('takes the model that was put there, and without it the package’s own', () => {
  copy('tflite', 'keras_f2a/weights/any_int8.tflite');
  copy('json', 'keras_f2a/weights/any_int8.json');
  const own = provenModel(demo());
  expect(own.model.length).toBeGreaterThan(10_000);
  rmSync(join(checkout, 'keras_f2a'), {recursive: true});
  expect(() => provenModel(demo())).toThrow('there is no model; from the root');
  copy('tflite', 'web_demo/model/model.tflite');
  copy('json', 'web_demo/model/model.json');
  expect(provenModel(demo()).model.equals(own.model)).toBe(true);
});

it('refuses a file that is not the one of its card', () => {
  copy('json', 'web_demo/model/model.json');
  writeFileSync(join(checkout, 'web_demo/model/model.tflite'), 'another');
  expect(() => provenModel(demo())).toThrow(/model\.tflite is not the file that its card was written/);
});
