import {readFileSync} from 'node:fs';
import {deflateSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {crc32, joined, viewOf} from '../../src/files/bytes.js';
import {exifOfUprightImage} from '../../src/files/exifBlock.js';
import {jpegWith} from '../../src/files/jpegFile.js';
import {readPhotoFile} from '../../src/files/photoFile.js';
import {pngWith} from '../../src/files/pngFile.js';
import {Problem} from '../../src/files/problem.js';

const ROOT = new URL('../../../', import.meta.url);
const PICTURES = {
  jpeg: bytesOf('docs/before_after.jpg'),
  png: madePng(160, 120),
  webp: bytesOf('keras_f2a/data/bundled_scenes/test/Scene_000_flash.webp'),
};

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, ROOT)));
}

/** An RGB picture of one grey, with the chunks that every PNG has. */
function madePng(width: number, height: number): Uint8Array {
  const chunk = (kind: string, data: Uint8Array) => {
    const body = joined([new TextEncoder().encode(kind), data]);
    const ends = [new Uint8Array(4), new Uint8Array(4)];
    viewOf(ends[0]).setUint32(0, data.length);
    viewOf(ends[1]).setUint32(0, crc32(body));
    return joined([ends[0], body, ends[1]]);
  };
  const header = new Uint8Array(13);
  viewOf(header).setUint32(0, width);
  viewOf(header).setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = new Uint8Array(height * (1 + 3 * width)).fill(128);
  for (let row = 0; row < height; row++) rows[row * (1 + 3 * width)] = 0;
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header), chunk('IDAT', new Uint8Array(deflateSync(rows))), chunk('IEND', new Uint8Array()),
  ]);
}

async function problemOf(bytes: Uint8Array): Promise<string> {
  return readPhotoFile(bytes).then(() => '', (error: unknown) => {
    expect(error).toBeInstanceOf(Problem);
    return (error as Problem).kind;
  });
}

/** A little-endian block with orientation 6, a size, and a link to a preview. */
function exifBlock(): Uint8Array {
  const view = new DataView(new ArrayBuffer(80));
  const entry = (at: number, tag: number, kind: number, value: number) => {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, kind, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  };
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, 2, true);
  entry(10, 0x0112, 3, 6);
  entry(22, 0x8769, 4, 40);
  view.setUint32(34, 70, true);
  view.setUint16(40, 2, true);
  entry(42, 0xa002, 4, 30);
  entry(54, 0xa003, 3, 20);
  return new Uint8Array(view.buffer);
}

describe.each(Object.entries(PICTURES))('a %s file', (format, bytes) => {
  it('is read', async () => {
    const file = await readPhotoFile(bytes);
    expect(file.format).toBe(format);
    expect(Math.min(file.width, file.height)).toBeGreaterThan(100);
    expect([file.whole, file.animated, file.cmyk]).toEqual([true, false, false]);
  });

  it('that ends anywhere is damaged', async () => {
    for (let length = 12; length < bytes.length; length += Math.ceil(length / 3)) {
      expect(await problemOf(bytes.subarray(0, length)), `${length} bytes`).toBe('damaged');
    }
    expect(await problemOf(bytes.subarray(0, bytes.length - 2))).toBe('damaged');
  });
});

it('says what is no photograph', async () => {
  expect(await problemOf(new Uint8Array())).toBe('empty');
  expect(await problemOf(Uint8Array.of(0xff))).toBe('notAPhoto');
  expect(await problemOf(new TextEncoder().encode('a letter'))).toBe('notAPhoto');
  expect(await problemOf(new TextEncoder().encode('GIF89a…'))).toBe('animated');
});

it('refuses a size that no memory holds, before anything is decoded', async () => {
  const huge = PICTURES.png.slice();
  viewOf(huge).setUint32(16, 20_000);
  viewOf(huge).setUint32(20, 20_000);
  expect(await problemOf(huge)).toBe('tooLarge');
  viewOf(huge).setUint32(16, 8);
  expect(await problemOf(huge)).toBe('tooSmall');
});

describe('metadata', () => {
  const profile = Uint8Array.from({length: 150_000}, (_, index) => index % 251);
  const exif = exifBlock();

  it.each(['jpeg', 'png'] as const)('is put into a %s file and read again', async (format) => {
    const plain = PICTURES[format];
    const made = format === 'jpeg'
      ? jpegWith(plain, exif, profile) : await pngWith(plain, exif, profile);
    const file = await readPhotoFile(made);
    expect(file.exif).toEqual(exif);
    expect(file.profile).toEqual(profile);
    const bare = format === 'jpeg' ? jpegWith(made, null, null) : await pngWith(made, null, null);
    const again = await readPhotoFile(bare);
    expect([again.exif, again.profile, again.width]).toEqual([null, null, file.width]);
  });

  it('is that of an upright photograph without a preview, and the same else', () => {
    const made = exifOfUprightImage(exif, 4000, 3000)!;
    const changed = [...made.keys()].filter((index) => made[index] !== exif[index]);
    expect(changed).toEqual([18, 34, 50, 51, 62, 63]);
    const view = viewOf(made);
    expect([18, 34, 50, 62].map((at) => view.getUint16(at, true))).toEqual([1, 0, 4000, 3000]);
  });

  it('is left out where it is damaged', () => {
    for (let length = 0; length < 64; length++) {
      expect(exifOfUprightImage(exif.subarray(0, length), 4, 3), `${length} bytes`).toBeNull();
    }
  });
});

it('has the checksum of PNG and zip files', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(joined([Uint8Array.of(1), Uint8Array.of(2, 3)])).toEqual(Uint8Array.of(1, 2, 3));
});
