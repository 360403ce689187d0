/** Files as phones and cameras write them, made without the code under test where that matters. */
import {readFileSync} from 'node:fs';
import {deflateSync} from 'node:zlib';
import {ascii, bigEndian, crc32, concat, viewOf} from '../../src/files/bytes.js';
import {readSegments} from '../../src/files/jpegSegments.js';
import type {Metadata} from '../../src/files/metadata.js';

const ROOT = new URL('../../../', import.meta.url);

export const SAMPLE_FILES = {
  jpeg: readFile('docs/before_after.jpg'),
  png: createPng(160, 120),
  webp: readFile('keras_f2a/data/bundled_scenes/test/Scene_000_flash.webp'),
};

export const NO_METADATA: Metadata = {exif: null, profile: null, xmp: null, others: [], gainMap: null};
export const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
export const PART_NAME = 'http://ns.adobe.com/xmp/extension/\0';
export const ISO_NAME = 'urn:iso:std:iso:ts:21496:-1\0';
export const VIDEO = concat([ascii('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), new Uint8Array(200).fill(3)]);

function readFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, ROOT)));
}

/** Returns an RGB image of uniform gray, with the required PNG chunks only. */
function createPng(width: number, height: number): Uint8Array {
  const header = new Uint8Array(13);
  viewOf(header).setUint32(0, width);
  viewOf(header).setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = new Uint8Array(height * (1 + 3 * width)).fill(128);
  for (let row = 0; row < height; row++) rows[row * (1 + 3 * width)] = 0;
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    pngChunk('IDAT', new Uint8Array(deflateSync(rows))),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([ascii(type), data]);
  return concat([bigEndian(4, data.length), body, bigEndian(4, crc32(body))]);
}

/** Returns a PNG file with additional chunks after its header. */
export function insertChunks(...chunks: Uint8Array[]): Uint8Array {
  return concat([SAMPLE_FILES.png.subarray(0, 33), ...chunks, SAMPLE_FILES.png.subarray(33)]);
}

export function segment(marker: number, ...content: (string | Uint8Array)[]): Uint8Array {
  const body = concat(content.map((part) => (typeof part === 'string' ? ascii(part) : part)));
  return concat([Uint8Array.of(0xff, marker), bigEndian(2, body.length + 2), body]);
}

/** Returns a JPEG file with segments inserted before its own. */
export function insertSegments(jpeg: Uint8Array, ...segments: Uint8Array[]): Uint8Array {
  return concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** Returns the smallest file with the structure of a JPEG image. */
export function tinyJpeg(filling = 7): Uint8Array {
  const frame = segment(0xc0, '\x08\0\x10\0\x10\x01\x01\x11\0');
  const pixels = concat([Uint8Array.of(0xff, 0, 0xff, 0xd0), new Uint8Array(40).fill(filling)]);
  return concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, new Uint8Array(65)),
    frame,
    segment(0xda, '\x01\x01\0\0\x3f\0'),
    pixels,
    Uint8Array.of(0xff, 0xd9),
  ]);
}

/** Returns the bytes after a name in the segments of a JPEG file. */
export function contentsAfter(jpeg: Uint8Array, name: string): Uint8Array[] {
  return readSegments(jpeg)
    .map(({content}) => content)
    .filter((content) => Buffer.from(content).includes(name, 0, 'latin1'))
    .map((content) => content.subarray(name.length));
}

export function packet(properties: string, inside = ''): string {
  const names = [
    'tiff="http://ns.adobe.com/tiff/1.0/"',
    'xmp="http://ns.adobe.com/xap/1.0/"',
    'hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"',
    'Container="http://ns.google.com/photos/1.0/container/"',
    'Item="http://ns.google.com/photos/1.0/container/item/"',
    'GCamera="http://ns.google.com/photos/1.0/camera/"',
    'GDepth="http://ns.google.com/photos/1.0/depthmap/"',
    'xmpNote="http://ns.adobe.com/xmp/note/"',
    'rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
  ]
    .map((name) => `xmlns:${name}`)
    .join(' ');
  return `<rdf:Description ${names} ${properties}>${inside}</rdf:Description>`;
}

/** Returns the directory of a file's parts, each with a semantic and a length. */
export function directory(...items: [string, number][]): string {
  const list = items.map(
    ([semantic, length]) =>
      '<rdf:li rdf:parseType="Resource"><Container:Item ' +
      `Item:Semantic="${semantic}" Item:Mime="image/jpeg" Item:Length="${length}"/></rdf:li>`,
  );
  return `<Container:Directory><rdf:Seq>${list.join('')}</rdf:Seq></Container:Directory>`;
}

/** A gain map with its parameters. */
export const GAIN_MAP = insertSegments(
  tinyJpeg(9),
  segment(0xe1, XMP_NAME, packet('hdrgm:Version="1.0" hdrgm:GainMapMax="2.3"')),
);

/** Returns start and length of each image from the index of a JPEG file. */
export function readIndex(jpeg: Uint8Array): [number, number][] {
  const start = Buffer.from(jpeg).indexOf('MPF\0', 0, 'latin1') + 4;
  const view = viewOf(jpeg.subarray(start));
  const first = view.getUint32(4);
  for (let entryIndex = 0; entryIndex < view.getUint16(first); entryIndex++) {
    const entry = first + 2 + 12 * entryIndex;
    if (view.getUint16(entry) !== 0xb002) continue;
    const list = view.getUint32(entry + 8);
    return Array.from({length: view.getUint32(entry + 4) / 16}, (_, index) => {
      const offset = view.getUint32(list + 16 * index + 8);
      return [offset ? start + offset : 0, view.getUint32(list + 16 * index + 4)];
    });
  }
  throw new Error('no entries');
}

/** Tag, type, number of values and value of an entry in an EXIF block. */
type ExifEntry = [tag: number, type: number, count: number, value: number];

/** Returns a little-endian block with orientation 6, a size, and a link to a preview. */
export function exifBlock(): Uint8Array {
  const details: ExifEntry[] = [
    [0xa002, 4, 1, 30],
    [0xa003, 3, 1, 20],
  ];
  const block = encodeBlock([[0x0112, 3, 1, 6]], details);
  const padded = concat([block, new Uint8Array(80 - block.length)]);
  viewOf(padded).setUint32(34, 70, true);
  return padded;
}

/** Returns a little-endian block with only a flash tag, by default one 16-bit number. */
export function flashBlock(value: number, type = 3, count = 1): Uint8Array {
  return encodeBlock([], [[0x9209, type, count, value]]);
}

/** Returns a little-endian block with these main entries, and `details` in a linked directory. */
function encodeBlock(main: ExifEntry[], details: ExifEntry[]): Uint8Array {
  const inner = 12 * main.length + 28;
  const view = new DataView(new ArrayBuffer(inner + 12 * details.length + 6));
  const write = (start: number, entries: ExifEntry[]) => {
    view.setUint16(start, entries.length, true);
    entries.forEach(([tag, type, count, value], index) => {
      const offset = start + 2 + 12 * index;
      view.setUint16(offset, tag, true);
      view.setUint16(offset + 2, type, true);
      view.setUint32(offset + 4, count, true);
      view.setUint32(offset + 8, value, true);
    });
  };
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  write(8, [...main, [0x8769, 4, 1, inner]]);
  write(inner, details);
  return new Uint8Array(view.buffer);
}
