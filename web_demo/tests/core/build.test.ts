import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {provenGenerator} from '../../tools/generator.js';

const WEIGHTS = new URL('../../../keras_f2a/weights/', import.meta.url);
const LANDSCAPE = 'placed_light_v3_320x240_int8';
const PORTRAIT = 'placed_light_v3_240x320_int8';
const FACES = 'face_detection_short_range';
const GENERATOR = 'light_v2_320x240_int8';
const FLOAT = 'light_v2_320x240_float32';

let checkout: string;
const demo = () => pathToFileURL(`${checkout}/web_demo/`);
const content = (name: string) => readFileSync(new URL(`${name}.tflite`, WEIGHTS));

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  mkdirSync(join(checkout, 'web_demo/model'), {recursive: true});
  mkdirSync(join(checkout, 'keras_f2a/weights'), {recursive: true});
});
afterEach(() => rmSync(checkout, {recursive: true}));

/** Copies a file of the package and its model card. */
function copy(name: string, target: string): void {
  for (const suffix of ['tflite', 'json']) {
    copyFileSync(new URL(`${name}.${suffix}`, WEIGHTS), join(checkout, `${target}.${suffix}`));
  }
}

function copyFaces(target: string): void {
  copyFileSync(new URL(`${FACES}.tflite`, WEIGHTS), join(checkout, target));
}

describe('a build', () => {
  it('takes the package’s own model with its sibling and the face detector', () => {
    expect(() => provenGenerator(demo())).toThrow('there is no model; from the root');
    copy(LANDSCAPE, `keras_f2a/weights/${LANDSCAPE}`);
    expect(provenGenerator(demo())).toMatchObject({faces: null, sibling: null});
    copy(PORTRAIT, `keras_f2a/weights/${PORTRAIT}`);
    copy(GENERATOR, `keras_f2a/weights/${GENERATOR}`);
    copyFaces(`keras_f2a/weights/${FACES}.tflite`);
    const {model, card, sibling, faces} = provenGenerator(demo());
    expect(
      [model, sibling, faces].map((file, index) =>
        file!.equals(content([LANDSCAPE, PORTRAIT, FACES][index])),
      ),
    ).toEqual([true, true, true]);
    expect(card.name).toBe('placed_light_v3');
  });

  it('takes the model that was put there, without the rules unless the face detector is there', () => {
    copy(LANDSCAPE, `keras_f2a/weights/${LANDSCAPE}`);
    copyFaces(`keras_f2a/weights/${FACES}.tflite`);
    copy(FLOAT, 'web_demo/model/model');
    const {model, sibling, faces} = provenGenerator(demo());
    expect([model.equals(content(FLOAT)), sibling, faces]).toEqual([true, null, null]);
    copyFaces('web_demo/model/faces.tflite');
    copy(PORTRAIT, 'web_demo/model/sibling');
    const other = provenGenerator(demo());
    expect(
      [other.sibling, other.faces].map((file, index) => file!.equals(content([PORTRAIT, FACES][index]))),
    ).toEqual([true, true]);
  });

  it.each(['model', 'sibling'])('refuses a %s that is not the file of its card', (name) => {
    copy(LANDSCAPE, 'web_demo/model/model');
    copy(PORTRAIT, `web_demo/model/${name}`);
    writeFileSync(join(checkout, `web_demo/model/${name}.tflite`), 'another');
    expect(() => provenGenerator(demo())).toThrow(
      new RegExp(`${name}\\.tflite is not the file that its card was written`),
    );
  });
});
