/** Which data in a JPEG file is kept, and which is left out. */
import {describe, expect, it} from 'vitest';
import {ascii, bigEndian, concat} from '../../src/files/bytes.js';
import {replaceJpegMetadata} from '../../src/files/jpegFile.js';
import {findImageEnd} from '../../src/files/jpegSegments.js';
import {uprightMetadata} from '../../src/files/metadata.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';
import {
  contentsAfter,
  directory,
  GAIN_MAP,
  readIndex,
  ISO_NAME,
  packet,
  PART_NAME,
  segment,
  tinyJpeg,
  VIDEO,
  insertSegments,
  XMP_NAME,
} from './made.js';

const BASE = tinyJpeg();

/** Writes the metadata that the page keeps into a file with other pixels. */
async function rewrite(bytes: Uint8Array): Promise<Uint8Array> {
  const file = await readPhotoFile(bytes);
  return replaceJpegMetadata(BASE, uprightMetadata(file, 40, 30, file.gainMap));
}

async function readLeftOut(bytes: Uint8Array): Promise<string[]> {
  return (await readPhotoFile(bytes)).leftOut;
}

describe('an HDR photograph', () => {
  const list = directory(['Primary', 0], ['GainMap', GAIN_MAP.length]);
  const announced = insertSegments(BASE, segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0"', list)));

  it.each([
    ['announced', announced, GAIN_MAP],
    ['not announced', BASE, GAIN_MAP],
    [
      'of ISO 21496-1',
      insertSegments(BASE, segment(0xe2, ISO_NAME, '\0\0')),
      insertSegments(tinyJpeg(9), segment(0xe2, ISO_NAME, 'numbers')),
    ],
    [
      'plain, of the announced length',
      insertSegments(
        BASE,
        segment(
          0xe1,
          XMP_NAME,
          packet('hdrgm:Version="1.0"', directory(['Primary', 0], ['GainMap', tinyJpeg(9).length])),
        ),
      ),
      tinyJpeg(9),
    ],
    [
      'Apple’s',
      BASE,
      insertSegments(
        tinyJpeg(9),
        segment(
          0xe1,
          XMP_NAME,
          '<a xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/" HDRGainMap:Version="1"/>',
        ),
      ),
    ],
  ])('keeps its gain map, %s, with an index of its own', async (_, primary, second) => {
    const made = await rewrite(concat([primary, second]));
    const [[first, firstLength], [start, length]] = readIndex(made);
    expect([first, firstLength, start + length]).toEqual([0, start, made.length]);
    expect(made.subarray(start)).toEqual(second);
    expect(findImageEnd(made)).toBe(start);
    expect(await readLeftOut(concat([primary, second]))).toEqual([]);
    expect(contentsAfter(made, ISO_NAME)).toEqual(contentsAfter(primary, ISO_NAME));
  });

  it('lists the gain map’s length and no other parts', async () => {
    const all = directory(['Primary', 0], ['GainMap', 1], ['MotionPhoto', VIDEO.length]);
    const before = packet('hdrgm:Version="1.0" GCamera:MotionPhoto="1"', all);
    const bytes = concat([insertSegments(BASE, segment(0xe1, XMP_NAME, before)), GAIN_MAP, VIDEO]);
    const made = await rewrite(bytes);
    const found = Buffer.from(contentsAfter(made, XMP_NAME)[0]).toString();
    expect(found).toBe(
      packet('hdrgm:Version="1.0"', directory(['Primary', 0], ['GainMap', GAIN_MAP.length])),
    );
    expect(made.length).toBe(readIndex(made)[1][0] + GAIN_MAP.length);
    expect(await readLeftOut(bytes)).toEqual(['video']);
  });

  it('says what it is not: a plain photograph announces nothing', async () => {
    const made = await rewrite(
      insertSegments(BASE, segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0"', list))),
    );
    const found = Buffer.from(contentsAfter(made, XMP_NAME)[0]).toString();
    expect(found).toBe(packet('').replace(' >', '>'));
    expect(Buffer.from(made).includes('MPF\0')).toBe(false);
  });
});

it.each([
  ['video', concat([BASE, VIDEO])],
  [
    'video',
    concat([
      insertSegments(BASE, segment(0xe1, XMP_NAME, packet('GCamera:MicroVideo="1"'))),
      ascii('anything'),
    ]),
  ],
  ['video', concat([BASE, ascii('\0\0\x30\x0aMotionPhoto_Data'), VIDEO])],
  ['depth', insertSegments(BASE, segment(0xe1, XMP_NAME, packet('GDepth:Data="iVBORw0KGgo="')))],
  ['depth', concat([BASE, ascii('\0\0\0\x0bDualShot_DepthMap_1SEFT')])],
  ['sound', concat([BASE, ascii('\0\0SoundShot_Meta_Info')])],
  [
    'pictures',
    concat([
      insertSegments(
        BASE,
        segment(0xe2, 'MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x01\0\x04\0\0\0\x01\0\0\0\x02\0\0\0\0'),
      ),
      tinyJpeg(9),
    ]),
  ],
])('is told that %s is left out', async (named, bytes) => {
  expect(await readLeftOut(bytes)).toEqual([named]);
  const made = await rewrite(bytes);
  expect(findImageEnd(made)).toBe(made.length);
  expect(Buffer.from(made).toString('latin1')).not.toMatch(/MicroVideo="|GDepth:Data|ftyp|SEFT/);
});

describe('extended XMP', () => {
  const NAME = '0123456789ABCDEF0123456789ABCDEF';
  const extension = ascii(packet(`xmp:History="${'step '.repeat(20_000)}"`));
  const part = (start: number, end: number) =>
    segment(0xe1, PART_NAME, NAME, bigEndian(4, extension.length, start), extension.subarray(start, end));
  const main = segment(0xe1, XMP_NAME, packet(`xmpNote:HasExtendedXMP="${NAME}"`));

  it('is kept in its parts, whatever their order', async () => {
    const made = await rewrite(insertSegments(BASE, main, part(50_000, extension.length), part(0, 50_000)));
    const parts = contentsAfter(made, PART_NAME);
    expect(Buffer.compare(concat(parts.map((each) => each.subarray(40))), extension)).toBe(0);
    const names = new Set(parts.map((each) => Buffer.from(each.subarray(0, 32)).toString()));
    expect(names.size).toBe(1);
    expect(Buffer.from(contentsAfter(made, XMP_NAME)[0]).includes([...names][0])).toBe(true);
  });

  it('is none if a part is missing', async () => {
    const made = await rewrite(insertSegments(BASE, main, part(0, 50_000)));
    expect(contentsAfter(made, PART_NAME)).toEqual([]);
    expect(Buffer.from(contentsAfter(made, XMP_NAME)[0]).includes('HasExtendedXMP')).toBe(false);
  });
});

it('keeps comments and resolution, and no preview beside them', async () => {
  const jfif = 'JFIF\0\x01\x02\x01\0\x48\0\x48';
  const made = await rewrite(
    insertSegments(
      BASE,
      segment(0xe0, jfif, '\x01\x01abc'),
      segment(0xe0, 'JFXX\0\x10preview'),
      segment(0xfe, 'at the lake'),
    ),
  );
  expect(made.subarray(2, 20)).toEqual(segment(0xe0, jfif, '\0\0'));
  expect(Buffer.from(made).includes(Buffer.from(segment(0xfe, 'at the lake')))).toBe(true);
  expect(Buffer.from(made).includes('preview')).toBe(false);
});

it('drops Photoshop’s preview and keeps the captions around it', async () => {
  const caption = ascii('8BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x78\0\x08a dinner\0');
  const preview = ascii('8BIM\x04\x0c\x03abc\0\0\0\x06\xff\xd8\xff12\xd9');
  const made = await rewrite(
    insertSegments(BASE, segment(0xed, 'Photoshop 3.0\0', caption, preview, caption)),
  );
  expect(contentsAfter(made, 'Photoshop 3.0\0')).toEqual([concat([caption, caption])]);
});
