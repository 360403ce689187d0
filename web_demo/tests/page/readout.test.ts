import {beforeEach, expect, it, vi} from 'vitest';
import {LANGUAGES} from '../../src/page/language.js';
import {Photo} from '../../src/page/photo.js';
import {Readout} from '../../src/page/readout.js';
import type {AnalyzeResponse} from '../../src/work/correctionService.js';

const elements = new Map<string, {textContent: string; dataset: object}>();
const textOf = (id: string) => elements.get(id)!.textContent;

beforeEach(() => {
  elements.clear();
  vi.stubGlobal('document', {
    getElementById(id: string) {
      if (!elements.has(id)) elements.set(id, {textContent: '', dataset: {}});
      return elements.get(id);
    },
  });
});

function createAnalyzedPhoto(isAlmostUnchanged: boolean): Photo {
  const photo = new Photo(new File([], 'a.png'));
  const runner = {kind: 'wasm', threads: 1, gpu: 'untried'};
  const analysis = {width: 40, height: 30, totalTime: 1234, networkTime: 56.7, runner, isAlmostUnchanged};
  photo.analysis = analysis as AnalyzeResponse;
  return photo;
}

it('says sizes and times in the present language, and makes its format once for each', () => {
  let texts = LANGUAGES.en;
  const made = vi.spyOn(Intl, 'NumberFormat');
  const readout = new Readout(() => texts);
  const photo = createAnalyzedPhoto(false);
  for (let step = 0; step < 50; step++) readout.summarize(photo);
  expect(textOf('summary')).toBe('40 × 30 pixels, 1.23 s. Network: WebAssembly, 57 ms.');
  texts = LANGUAGES.es;
  readout.translate();
  for (let step = 0; step < 50; step++) readout.summarize(photo);
  expect(textOf('summary')).toBe('40 × 30 píxeles, 1,23 s. Red: WebAssembly, 57 ms.');
  expect(made).toHaveBeenCalledTimes(2);
});

it('says that there is no flash, unless nothing is done to the photograph', () => {
  const readout = new Readout(() => LANGUAGES.en);
  const photo = createAnalyzedPhoto(true);
  for (const [strength, text] of [
    [1, LANGUAGES.en.noFlash],
    [0, ''],
    [0.01, LANGUAGES.en.noFlash],
  ] as const) {
    photo.look = {...photo.look, strength};
    readout.summarize(photo);
    expect(textOf('noFlash')).toBe(text);
  }
  readout.summarize(createAnalyzedPhoto(false));
  expect(textOf('noFlash')).toBe('');
  readout.summarize(null);
  expect(textOf('summary')).toBe('');
});
