import {describe, expect, it} from 'vitest';
import {english} from '../../src/page/english.js';
import {languageOf} from '../../src/page/language.js';
import {NameSet, resultName, displayName} from '../../src/page/names.js';
import {spanish} from '../../src/page/spanish.js';
import {describeRunner, explainProblem, leftOutText, savedText} from '../../src/page/texts.js';
import {Problem} from '../../src/files/problem.js';

describe('texts', () => {
  it('name the same words in both languages', () => {
    const words = (texts: object): unknown =>
      Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [
          name,
          typeof text === 'string' ? (text.match(/\{\w+\}/g)?.sort() ?? []) : words(text),
        ]),
      );
    expect(words(spanish)).toEqual(words(english));
  });

  it('say what is wrong, and what ran', () => {
    const problem = new Problem('tooSmall', {width: 8, height: 9, least: 16});
    expect(explainProblem(problem, english)).toBe(
      'The picture has 8 × 9 pixels; a photograph needs at least 16 on each side.',
    );
    expect(describeRunner({kind: 'threads', threads: 4, gpu: 'slower'}, english)).toBe(
      'WebAssembly, 4 threads (WebGPU is slower)',
    );
    expect(describeRunner({kind: 'wasm', threads: 1, gpu: 'untried'}, spanish)).toBe('WebAssembly');
  });

  it('count as each language does', () => {
    expect([savedText(1, 0, english), savedText(2, 0, english), savedText(1, 1, english)]).toEqual([
      'Saved 1 photograph.',
      'Saved 2 photographs.',
      'Saved 1 photograph. 1 could not be saved.',
    ]);
    expect(savedText(0, 2, english)).toBe('Nothing was saved. 2 could not be saved.');
    expect([savedText(1, 1, spanish), savedText(5, 2, spanish)]).toEqual([
      '1 fotografía guardada. 1 no se pudo guardar.',
      '5 fotografías guardadas. 2 no se pudieron guardar.',
    ]);
  });

  it('write numbers as each language does', () => {
    const problem = new Problem('tooLarge', {megapixels: 100.1, most: 100});
    expect(explainProblem(problem, english)).toContain('has 100.1 megapixels');
    expect(explainProblem(problem, spanish)).toContain('tiene 100,1 megapíxeles');
  });

  it('name what is left out', () => {
    expect(leftOutText([], english)).toBe('');
    expect(leftOutText(['video', 'depth'], english)).toBe(
      'Left out because it cannot be corrected: video, depth map.',
    );
    expect(leftOutText(['bits'], english)).toBe('Reduced to 8 bits per color.');
    expect(leftOutText(['bits', 'video'], spanish)).toBe(
      'Reducida a 8 bits por color. No se puede corregir y no se conserva: vídeo.',
    );
  });
});

it.each([
  ['es', 'es'],
  ['ES-mx', 'es'],
  ['en_GB', 'en'],
  ['fr', null],
  ['', null],
  ['__proto__', null],
  ['constructor', null],
  ['toString', null],
  ['hasOwnProperty', null],
  ['%C3', null],
])('takes %j for the language %s', (name, language) => expect(languageOf(name)).toBe(language));

it('names results, none twice', () => {
  const taken = new NameSet();
  const names = ['a.jpeg', 'A.webp', 'b.c.png', '.jpg'].map((name) =>
    resultName(name, name.endsWith('png') ? 'image/png' : 'image/jpeg', taken),
  );
  expect(names).toEqual(['a_ambient.jpg', 'A_ambient_2.jpg', 'b.c_ambient.png', 'photo_ambient.jpg']);
});

it.each([
  ['a\\b/c:d*e?f"g<h>i|j.jpg', 'a_b_c_d_e_f_g_h_i_j_ambient.jpg'],
  ['../../etc/passwd.jpg', '_.._etc_passwd_ambient.jpg'],
  ['..\\..\\start.jpg', '_.._start_ambient.jpg'],
  ['photo\u202egpj.exe.jpg', 'photogpj.exe_ambient.jpg'],
  ['\u2066a\u200f\u061c\ufeff\u0000\u001f\u007f\u2028\n.png', 'a_ambient.jpg'],
  ['half\ud800.jpg', 'half_ambient.jpg'],
  ['...hidden .jpg', 'hidden_ambient.jpg'],
  ['nul.2024.jpg', '_nul.2024_ambient.jpg'],
  ['Com1 .x.jpg', '_Com1 .x_ambient.jpg'],
  ['nullable.jpg', 'nullable_ambient.jpg'],
  ['\u202e.jpg', 'photo_ambient.jpg'],
  ['می\u200cخواهم 👨\u200d👩.jpg', 'می\u200cخواهم 👨\u200d👩_ambient.jpg'],
])('makes of %j a name that every file system takes', (name, expected) => {
  expect(resultName(name, 'image/jpeg')).toBe(expected);
});

it.each(['x', 'é', 'e\u0301', '写', '👪'])('shortens names of 251 times %s between characters', (letter) => {
  const taken = new NameSet();
  const names = [1, 2].map(() => resultName(`${letter.repeat(251)}.png`, 'image/png', taken));
  expect(names[0]).not.toBe(names[1]);
  for (const [index, name] of names.entries()) {
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(240);
    expect(new TextEncoder().encode(name).length).toBeGreaterThan(230);
    const whole = letter.normalize('NFC').repeat(251);
    const ending = ['_ambient.png', '_ambient_2.png'][index];
    expect(name.endsWith(ending) && whole.startsWith(name.slice(0, -ending.length))).toBe(true);
    expect(name).not.toMatch(/\p{Cs}/u);
  }
});

it('takes names for equal that file systems take for equal', () => {
  const taken = new NameSet();
  expect([
    resultName('caf\u00e9.jpg', 'image/jpeg', taken),
    resultName('CAFE\u0301.jpg', 'image/jpeg', taken),
  ]).toEqual(['café_ambient.jpg', 'CAFÉ_ambient_2.jpg']);
});

it('shows names without what turns the text around them', () => {
  expect(displayName('a\u202egpj.exe')).toBe('agpj.exe');
});
