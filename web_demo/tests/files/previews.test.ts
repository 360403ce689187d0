/** Previews in maker notes, and other changes to an EXIF block. */
import {describe, expect, it} from 'vitest';
import {ascii, bigEndian, concat} from '../../src/files/bytes.js';
import {exifOfUprightImage, orientationOf} from '../../src/files/exifBlock.js';
import {exifBlock, tinyJpeg} from './made.js';

describe('a maker note', () => {
  /** Returns a block whose details include a maker note, and the note's position in it. */
  function withNote(note: (start: number) => Uint8Array): {block: Uint8Array; start: number} {
    const head = ascii('II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0');
    const start = head.length + 2 + 12 + 4;
    const content = note(start);
    const entry = concat([
      ascii('\x01\0\x7c\x92\x07\0'),
      littleEndian(content.length),
      littleEndian(start),
      littleEndian(0),
    ]);
    return {block: concat([head, entry, content]), start};
  }
  const littleEndian = (number: number) => bigEndian(4, number).reverse();
  const encodeEntry = (tag: number, kind: number, count: number, value: number) =>
    concat([
      bigEndian(2, tag).reverse(),
      bigEndian(2, kind).reverse(),
      littleEndian(count),
      littleEndian(value),
    ]);
  const encodeDirectory = (...entries: Uint8Array[]) =>
    concat([bigEndian(2, entries.length).reverse(), ...entries, littleEndian(0)]);
  const fragment = concat([ascii('\xff\xd8\xff\xdb'), new Uint8Array(96).fill(5)]);

  it.each([
    ['a whole picture anywhere', () => concat([ascii('Note: '), tinyJpeg(), ascii('serial 12')]), tinyJpeg()],
    [
      'what its directory gives the place of, counted from the block',
      (start: number) =>
        concat([
          encodeDirectory(encodeEntry(0x201, 4, 1, start + 30), encodeEntry(0x202, 4, 1, fragment.length)),
          fragment,
          ascii('serial 12'),
        ]),
      fragment,
    ],
    [
      'what its directory gives the place of, counted from the note',
      () =>
        concat([
          encodeDirectory(encodeEntry(0x201, 4, 1, 30), encodeEntry(0x202, 4, 1, fragment.length)),
          fragment,
        ]),
      fragment,
    ],
    [
      'data that start like a picture, behind a maker’s name',
      (start: number) =>
        concat([
          ascii('MAKER ABC \0\0'),
          encodeDirectory(encodeEntry(0x2001, 7, fragment.length, start + 30)),
          fragment,
        ]),
      fragment,
    ],
    [
      'what a directory inside a TIFF header inside it names',
      () =>
        concat([
          ascii('Nikon\0\x02\x10\0\0II*\0\x08\0\0\0'),
          encodeDirectory(encodeEntry(0x11, 4, 1, 26)),
          encodeDirectory(encodeEntry(0x201, 4, 1, 56), encodeEntry(0x202, 4, 1, fragment.length)),
          fragment,
        ]),
      fragment,
    ],
  ])('loses %s and nothing else', (_, note, preview) => {
    const {block} = withNote(note);
    const place = Buffer.from(block).indexOf(preview);
    const expected = block.slice();
    expected.fill(0, place, place + preview.length);
    expect(place).toBeGreaterThan(0);
    expect(exifOfUprightImage(block, 40, 30)).toEqual(expected);
  });

  it.each([
    () => ascii('serial 12 '.repeat(40)),
    () => ascii('\xff\xd8\xff' + 'serial 12 '.repeat(40)),
    () => ascii('Nikon\0\x02\x10\0\0II*\0\xff\xff\xff\xff'),
  ])('without a picture stays', (note) => {
    const {block} = withNote(note);
    expect(exifOfUprightImage(block, 40, 30)).toEqual(block);
  });
});

it('reads an orientation, and takes a damaged block for upright', () => {
  expect(orientationOf(exifBlock())).toBe(6);
  expect([null, new Uint8Array(), exifBlock().subarray(0, 15)].map(orientationOf)).toEqual([1, 1, 1]);
});
