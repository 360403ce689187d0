import {beforeEach, expect, it, vi} from 'vitest';
import {LANGUAGES} from '../../src/page/language.js';
import {Photo} from '../../src/page/photo.js';
import {Readout} from '../../src/page/readout.js';
import type {Analyzed} from '../../src/work/correctionService.js';

const elements = new Map<string, {textContent: string; dataset: object}>();
const shown = (id: string) => elements.get(id)!.textContent;

beforeEach(() => {
  elements.clear();
  vi.stubGlobal('document', {
    getElementById(id: string) {
      if (!elements.has(id)) elements.set(id, {textContent: '', dataset: {}});
      return elements.get(id);
    },
  });
});

function analyzedPhoto(isLeft: boolean): Photo {
  const photo = new Photo(new File([], 'a.png'));
  const runner = {kind: 'wasm', threads: 1, gpu: 'untried'};
  const found = {width: 40, height: 30, wholeTime: 1234, networkTime: 56.7, runner, isLeft};
  photo.analysis = found as Analyzed;
  return photo;
}

it('says sizes and times in the present language, and makes its format once for each', () => {
  let texts = LANGUAGES.en;
  const made = vi.spyOn(Intl, 'NumberFormat');
  const readout = new Readout(() => texts);
  const photo = analyzedPhoto(false);
  for (let step = 0; step < 50; step++) readout.summarize(photo);
  expect(shown('summary')).toBe('40 × 30 pixels, 1.23 s. Network: WebAssembly, 57 ms.');
  texts = LANGUAGES.es;
  readout.describe();
  for (let step = 0; step < 50; step++) readout.summarize(photo);
  expect(shown('summary')).toBe('40 × 30 píxeles, 1,23 s. Red: WebAssembly, 57 ms.');
  expect(made).toHaveBeenCalledTimes(2);
});

it('says that there is no flash, unless nothing is done to the photograph', () => {
  const readout = new Readout(() => LANGUAGES.en);
  const photo = analyzedPhoto(true);
  for (const [strength, text] of [
    [1, LANGUAGES.en.noFlash],
    [0, ''],
    [0.01, LANGUAGES.en.noFlash],
  ] as const) {
    photo.look = {...photo.look, strength};
    readout.summarize(photo);
    expect(shown('noFlash')).toBe(text);
  }
  readout.summarize(analyzedPhoto(false));
  expect(shown('noFlash')).toBe('');
  readout.summarize(null);
  expect(shown('summary')).toBe('');
});
