import {readFileSync} from 'node:fs';
import {deflateSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {crc32, joined, viewOf} from '../../src/files/bytes.js';
import {exifOfUprightImage} from '../../src/files/exifBlock.js';
import {jpegWith} from '../../src/files/jpegFile.js';
import {readPhotoFile} from '../../src/files/photoFile.js';
import {pngWith} from '../../src/files/pngFile.js';
import {xmpOfUprightImage} from '../../src/files/xmpPacket.js';
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
  const header = new Uint8Array(13);
  viewOf(header).setUint32(0, width);
  viewOf(header).setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = new Uint8Array(height * (1 + 3 * width)).fill(128);
  for (let row = 0; row < height; row++) rows[row * (1 + 3 * width)] = 0;
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header), pngChunk('IDAT', new Uint8Array(deflateSync(rows))),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function segmentOf(marker: number, content: string): Uint8Array {
  return joined([Uint8Array.of(0xff, marker, 0, content.length + 2), ascii(content)]);
}

function pngChunk(kind: string, data: Uint8Array): Uint8Array {
  const body = joined([ascii(kind), data]);
  const ends = [new Uint8Array(4), new Uint8Array(4)];
  viewOf(ends[0]).setUint32(0, data.length);
  viewOf(ends[1]).setUint32(0, crc32(body));
  return joined([ends[0], body, ends[1]]);
}

function packet(properties: string, inside = ''): string {
  const names = [
    'tiff="http://ns.adobe.com/tiff/1.0/"', 'xmp="http://ns.adobe.com/xap/1.0/"',
    'hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"',
    'Container="http://ns.google.com/photos/1.0/container/"',
    'GCamera="http://ns.google.com/photos/1.0/camera/"',
  ].map((name) => `xmlns:${name}`).join(' ');
  return `<rdf:Description ${names} ${properties}>${inside}</rdf:Description>`;
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

  it.each(['jpeg', 'png'] as const)('stays in a %s file: captions, texts and XMP', async (format) => {
    const others = format === 'jpeg' ? [segmentOf(0xed, 'Photoshop 3.0\0' + '8BIM caption')]
      : [pngChunk('tEXt', ascii('Title\0a dinner')), pngChunk('gAMA', Uint8Array.of(0, 0, 177, 143))];
    const xmp = ascii(packet('tiff:Orientation="1"'));
    const plain = PICTURES[format];
    const made = format === 'jpeg'
      ? jpegWith(plain, null, null, xmp, others) : await pngWith(plain, null, null, xmp, others);
    const file = await readPhotoFile(made);
    expect(file.xmp).toEqual(xmp);
    expect(file.others).toEqual(others);
  });

  it('of more than 64 kB is split over the segments of a JPEG file and joined', async () => {
    const large = joined([exif, new Uint8Array(90_000).fill(7)]);
    expect((await readPhotoFile(jpegWith(PICTURES.jpeg, large, null))).exif).toEqual(large);
  });

  it('in XMP is that of an upright photograph and announces no parts that are gone', () => {
    const before = packet('tiff:Orientation="6" xmp:Rating="5" hdrgm:Version="1.0"' +
      ' GCamera:MotionPhoto="1"', '<tiff:ImageWidth>30</tiff:ImageWidth>' +
      '<xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails><Container:Directory>x</Container:Directory>');
    const after = packet('tiff:Orientation="1" xmp:Rating="5"',
      '<tiff:ImageWidth>40</tiff:ImageWidth>');
    expect(new TextDecoder().decode(xmpOfUprightImage(ascii(before), 40, 30))).toBe(after);
  });

  it('has the upright size in its main directory too', () => {
    const block = exif.slice();
    viewOf(block).setUint16(22, 0x0100, true); // In place of the link to the other directory.
    expect(viewOf(exifOfUprightImage(block, 4000, 3000)!).getUint32(30, true)).toBe(4000);
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
