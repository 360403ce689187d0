import {describe, expect, it} from 'vitest';
import {agree, testImage} from '../../src/work/gpuTrial.js';
import {english} from '../../src/page/english.js';
import {resultName} from '../../src/page/photo.js';
import {spanish} from '../../src/page/spanish.js';
import {described, explained} from '../../src/page/texts.js';
import {Problem} from '../../src/files/problem.js';

describe('texts', () => {
  it('name the same words in both languages', () => {
    const words = (texts: object): unknown => Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, typeof text === 'string'
        ? text.match(/\{\w+\}/g)?.sort() ?? [] : words(text)]));
    expect(words(spanish)).toEqual(words(english));
  });

  it('say what is wrong, and what ran', () => {
    const problem = new Problem('tooSmall', {width: 8, height: 9, least: 16});
    expect(explained(problem, english)).toBe(
      'The picture has 8 × 9 pixels; a photograph needs at least 16 on each side.');
    expect(described({kind: 'threads', threads: 4, gpu: 'slower'}, english))
      .toBe('WebAssembly, 4 threads (WebGPU is slower)');
    expect(described({kind: 'wasm', threads: 1, gpu: 'untried'}, spanish)).toBe('WebAssembly');
  });
});

it('names results, none twice', () => {
  const taken = new Set<string>();
  const names = ['a.jpeg', 'A.webp', 'b.c.png', '.jpg'].map((name) =>
    resultName(name, name.endsWith('png') ? 'image/png' : 'image/jpeg', taken));
  expect(names).toEqual(
    ['a_ambient.jpg', 'A_ambient_2.jpg', 'b.c_ambient.png', 'photo_ambient.jpg']);
});

describe('a graphics card', () => {
  const image = testImage(48, 64);

  it('agrees if it differs by a few bits', () => {
    expect(agree(image, image.map((value) => value + 0.004))).toBe(true);
  });

  it.each([
    ['an edge that is elsewhere', image.map((value, index) => index === 9 ? value + 0.2 : value)],
    ['a shift of brightness', image.map((value) => value + 0.02)],
    ['what is no number', image.map((value, index) => index === 9 ? NaN : value)],
    ['another size', image.subarray(3)],
  ])('does not agree with %s', (_, output) => expect(agree(image, output)).toBe(false));
});
