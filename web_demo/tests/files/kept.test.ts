/** What of a JPEG or PNG file is kept beside its pixels, gaps and damage included. */
import {deflateSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {ascii, bigEndian, joined} from '../../src/files/bytes.js';
import {exifOfUprightImage, orientationOf} from '../../src/files/exifBlock.js';
import {jpegWith} from '../../src/files/jpegFile.js';
import {pictureEnd} from '../../src/files/jpegSegments.js';
import {uprightMetadata} from '../../src/files/metadata.js';
import {pngWith} from '../../src/files/pngFile.js';
import {Problem} from '../../src/files/problem.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';
import {
  contents, directory, exifBlock, GAIN_MAP, indexOf, ISO_NAME, packet, PART_NAME, PICTURES, pngChunk,
  pngWithChunks, segment, tinyJpeg, VIDEO, withFront, XMP_NAME,
} from './made.js';

const BASE = tinyJpeg();

/** Writes what the page keeps of a file around other pixels of the same kind. */
async function kept(bytes: Uint8Array): Promise<Uint8Array> {
  const file = await readPhotoFile(bytes);
  const metadata = uprightMetadata(file, 40, 30, file.gainMap);
  return file.format === 'png' ? pngWith(PICTURES.png, metadata) : jpegWith(BASE, metadata);
}

async function leftOut(bytes: Uint8Array): Promise<string[]> {
  return (await readPhotoFile(bytes)).leftOut;
}

describe('an HDR photograph', () => {
  const list = directory(['Primary', 0], ['GainMap', GAIN_MAP.length]);
  const announced = withFront(BASE, segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0"', list)));

  it.each([
    ['announced', announced, GAIN_MAP],
    ['not announced', BASE, GAIN_MAP],
    ['of ISO 21496-1', withFront(BASE, segment(0xe2, ISO_NAME, '\0\0')),
      withFront(tinyJpeg(9), segment(0xe2, ISO_NAME, 'numbers'))],
    ['plain, of the announced length',
      withFront(BASE, segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0"', directory(
        ['Primary', 0], ['GainMap', tinyJpeg(9).length])))), tinyJpeg(9)],
    ['Apple’s', BASE, withFront(tinyJpeg(9), segment(0xe1, XMP_NAME,
      '<a xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/" HDRGainMap:Version="1"/>'))],
  ])('keeps its gain map, %s, with an index of its own', async (_, primary, second) => {
    const made = await kept(joined([primary, second]));
    const [[first, firstLength], [start, length]] = indexOf(made);
    expect([first, firstLength, start + length]).toEqual([0, start, made.length]);
    expect(made.subarray(start)).toEqual(second);
    expect(pictureEnd(made)).toBe(start);
    expect(await leftOut(joined([primary, second]))).toEqual([]);
    expect(contents(made, ISO_NAME)).toEqual(contents(primary, ISO_NAME));
  });

  it('lists the gain map’s length and no other parts', async () => {
    const all = directory(['Primary', 0], ['GainMap', 1], ['MotionPhoto', VIDEO.length]);
    const before = packet('hdrgm:Version="1.0" GCamera:MotionPhoto="1"', all);
    const bytes = joined([withFront(BASE, segment(0xe1, XMP_NAME, before)), GAIN_MAP, VIDEO]);
    const made = await kept(bytes);
    const found = Buffer.from(contents(made, XMP_NAME)[0]).toString();
    expect(found).toBe(packet('hdrgm:Version="1.0"',
      directory(['Primary', 0], ['GainMap', GAIN_MAP.length])));
    expect(made.length).toBe(indexOf(made)[1][0] + GAIN_MAP.length);
    expect(await leftOut(bytes)).toEqual(['video']);
  });

  it('says what it is not: a plain photograph announces nothing', async () => {
    const made = await kept(withFront(BASE, segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0"', list))));
    const found = Buffer.from(contents(made, XMP_NAME)[0]).toString();
    expect(found).toBe(packet('').replace(' >', '>'));
    expect(Buffer.from(made).includes('MPF\0')).toBe(false);
  });
});

it.each([
  ['video', joined([BASE, VIDEO])],
  ['video', joined([
    withFront(BASE, segment(0xe1, XMP_NAME, packet('GCamera:MicroVideo="1"'))), ascii('anything')])],
  ['video', joined([BASE, ascii('\0\0\x30\x0aMotionPhoto_Data'), VIDEO])],
  ['depth', withFront(BASE, segment(0xe1, XMP_NAME, packet('GDepth:Data="iVBORw0KGgo="')))],
  ['depth', joined([BASE, ascii('\0\0\0\x0bDualShot_DepthMap_1SEFT')])],
  ['sound', joined([BASE, ascii('\0\0SoundShot_Meta_Info')])],
  ['pictures', joined([
    withFront(BASE, segment(0xe2, 'MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x01\0\x04\0\0\0\x01\0\0\0\x02\0\0\0\0')),
    tinyJpeg(9)])],
])('is told that %s is left out', async (named, bytes) => {
  expect(await leftOut(bytes)).toEqual([named]);
  const made = await kept(bytes);
  expect(pictureEnd(made)).toBe(made.length);
  expect(Buffer.from(made).toString('latin1')).not.toMatch(/MicroVideo="|GDepth:Data|ftyp|SEFT/);
});

describe('extended XMP', () => {
  const NAME = '0123456789ABCDEF0123456789ABCDEF';
  const extension = ascii(packet(`xmp:History="${'step '.repeat(20_000)}"`));
  const part = (start: number, end: number) => segment(
    0xe1, PART_NAME, NAME, bigEndian(4, extension.length, start), extension.subarray(start, end));
  const main = segment(0xe1, XMP_NAME, packet(`xmpNote:HasExtendedXMP="${NAME}"`));

  it('is kept in its parts, whatever their order', async () => {
    const made = await kept(withFront(BASE, main, part(50_000, extension.length), part(0, 50_000)));
    const parts = contents(made, PART_NAME);
    expect(Buffer.compare(joined(parts.map((each) => each.subarray(40))), extension)).toBe(0);
    const names = new Set(parts.map((each) => Buffer.from(each.subarray(0, 32)).toString()));
    expect(names.size).toBe(1);
    expect(Buffer.from(contents(made, XMP_NAME)[0]).includes([...names][0])).toBe(true);
  });

  it('is none if a part is missing', async () => {
    const made = await kept(withFront(BASE, main, part(0, 50_000)));
    expect(contents(made, PART_NAME)).toEqual([]);
    expect(Buffer.from(contents(made, XMP_NAME)[0]).includes('HasExtendedXMP')).toBe(false);
  });
});

it('keeps comments and resolution, and no preview beside them', async () => {
  const jfif = 'JFIF\0\x01\x02\x01\0\x48\0\x48';
  const made = await kept(withFront(
    BASE, segment(0xe0, jfif, '\x01\x01abc'), segment(0xe0, 'JFXX\0\x10preview'), segment(0xfe, 'at the lake')));
  expect(made.subarray(2, 20)).toEqual(segment(0xe0, jfif, '\0\0'));
  expect(Buffer.from(made).includes(Buffer.from(segment(0xfe, 'at the lake')))).toBe(true);
  expect(Buffer.from(made).includes('preview')).toBe(false);
});

it('drops Photoshop’s preview and keeps the captions around it', async () => {
  const caption = ascii('8BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x78\0\x08a dinner\0');
  const preview = ascii('8BIM\x04\x0c\x03abc\0\0\0\x06\xff\xd8\xff12\xd9');
  const made = await kept(withFront(BASE, segment(0xed, 'Photoshop 3.0\0', caption, preview, caption)));
  expect(contents(made, 'Photoshop 3.0\0')).toEqual([joined([caption, caption])]);
});

describe('a maker note', () => {
  /** A block whose details hold a note, and the note's place in it. */
  function withNote(note: (start: number) => Uint8Array): {block: Uint8Array; start: number} {
    const head = ascii('II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0');
    const start = head.length + 2 + 12 + 4;
    const content = note(start);
    const entry = joined([
      ascii('\x01\0\x7c\x92\x07\0'), little(content.length), little(start), little(0)]);
    return {block: joined([head, entry, content]), start};
  }
  const little = (number: number) => bigEndian(4, number).reverse();
  const entryOf = (tag: number, kind: number, count: number, value: number) => joined([
    bigEndian(2, tag).reverse(), bigEndian(2, kind).reverse(), little(count), little(value)]);
  const directoryOf = (...entries: Uint8Array[]) => joined([
    bigEndian(2, entries.length).reverse(), ...entries, little(0)]);
  const fragment = joined([ascii('\xff\xd8\xff\xdb'), new Uint8Array(96).fill(5)]);

  it.each([
    ['a whole picture anywhere', () => joined([ascii('Note: '), tinyJpeg(), ascii('serial 12')]), tinyJpeg()],
    ['what its directory gives the place of, counted from the block', (start: number) => joined([
      directoryOf(entryOf(0x201, 4, 1, start + 30), entryOf(0x202, 4, 1, fragment.length)), fragment,
      ascii('serial 12')]), fragment],
    ['what its directory gives the place of, counted from the note', () => joined([
      directoryOf(entryOf(0x201, 4, 1, 30), entryOf(0x202, 4, 1, fragment.length)), fragment]), fragment],
    ['data that start like a picture, behind a maker’s name', (start: number) => joined([
      ascii('MAKER ABC \0\0'), directoryOf(entryOf(0x2001, 7, fragment.length, start + 30)), fragment]), fragment],
    ['what a directory inside a TIFF header inside it names', () => joined([
      ascii('Nikon\0\x02\x10\0\0II*\0\x08\0\0\0'), directoryOf(entryOf(0x11, 4, 1, 26)),
      directoryOf(entryOf(0x201, 4, 1, 56), entryOf(0x202, 4, 1, fragment.length)), fragment]), fragment],
  ])('loses %s and nothing else', (_, note, preview) => {
    const {block} = withNote(note);
    const place = Buffer.from(block).indexOf(preview);
    const expected = block.slice();
    expected.fill(0, place, place + preview.length);
    expect(place).toBeGreaterThan(0);
    expect(exifOfUprightImage(block, 40, 30)).toEqual(expected);
  });

  it.each([
    () => ascii('serial 12 '.repeat(40)), () => ascii('\xff\xd8\xff' + 'serial 12 '.repeat(40)),
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

describe('a PNG file', () => {
  const xmp = packet('tiff:Orientation="6"');
  const upright = packet('tiff:Orientation="1"');
  const packed = (text: string) => new Uint8Array(deflateSync(Buffer.from(text, 'latin1')));

  it.each([
    ['plain', joined([ascii('XML:com.adobe.xmp\0\0\0\0\0'), ascii(xmp)])],
    ['packed', joined([ascii('XML:com.adobe.xmp\0\x01\0\0\0'), packed(xmp)])],
    ['with a language and its own key', joined([ascii('XML:com.adobe.xmp\0\x01\0es\0clave\0'), packed(xmp)])],
  ])('keeps its XMP, %s', async (_, content) => {
    const again = await readPhotoFile(await kept(pngWithChunks(pngChunk('iTXt', content))));
    expect(Buffer.from(again.xmp!.packet).toString()).toBe(upright);
    expect(again.others).toEqual([]);
  });

  it('keeps every chunk that describes it', async () => {
    const chunks = [
      'tEXt', 'zTXt', 'tIME', 'pHYs', 'oFFs', 'sCAL', 'pCAL', 'gAMA', 'cHRM', 'cICP', 'sRGB', 'mDCV', 'cLLI',
    ].map((name) => pngChunk(name, ascii(`Name\0${name}`)));
    expect((await readPhotoFile(await kept(pngWithChunks(...chunks)))).others).toEqual(chunks);
  });

  it.each([
    ['iCCP', 'profile\0\0'], ['iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0'],
  ])('is refused if its %s unpacks to what no memory holds, before it has', async (name, head) => {
    const bomb = pngWithChunks(pngChunk(name, joined([ascii(head), unpackingTo(2 ** 31)])));
    expect(bomb.length).toBeLessThan(4e6);
    const before = process.memoryUsage().rss;
    const problem = await readPhotoFile(bomb).catch((error: unknown) => error);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(problem).toEqual(new Problem('unpacksTooLarge', {most: 16}));
  });

  it('with a damaged packet or profile is read without it', async () => {
    const file = await readPhotoFile(pngWithChunks(
      pngChunk('iCCP', ascii('profile\0\0abc')),
      pngChunk('iTXt', ascii('XML:com.adobe.xmp\0\x01\0\0\0abc'))));
    expect([file.profile, file.xmp]).toEqual([null, null]);
  });
});

/** A packed part that unpacks to zeros of about this size; only its checksum would be wrong. */
function unpackingTo(size: number): Uint8Array {
  const block = 2 ** 24;
  // A stored header, then the same packed block again and again: it ends at a byte of its own.
  const whole = new Uint8Array(deflateSync(new Uint8Array(block), {finishFlush: 2 /* Z_SYNC_FLUSH */}));
  const one = whole.subarray(2);
  return joined([whole.subarray(0, 2), ...Array.from({length: size / block}, () => one)]);
}
