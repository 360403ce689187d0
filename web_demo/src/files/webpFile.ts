import {ascii, textAt, viewOf} from './bytes.js';
import {removeExifName} from './exifBlock.js';
import {xmpFromPacket} from './extendedXmp.js';
import type {PhotoFile} from './photoFile.js';
import {Problem} from './problem.js';

/** Reads the chunks of a WebP file. */
export function readWebp(bytes: Uint8Array): PhotoFile {
  const view = viewOf(bytes);
  let size: {width: number; height: number} | null = null;
  let exif: Uint8Array | null = null;
  let profile: Uint8Array | null = null;
  let xmp: Uint8Array | null = null;
  let flags = 0;
  let hasAlpha = false;
  const isComplete = view.getUint32(4, true) + 8 <= bytes.length;
  let position = 12;
  while (position + 8 <= bytes.length) {
    const name = textAt(bytes, position, 4);
    const start = position + 8;
    const end = start + view.getUint32(position + 4, true);
    if (name === 'VP8X') {
      flags = bytes[start];
      size = {width: 1 + readUint24(view, start + 4), height: 1 + readUint24(view, start + 7)};
    } else if (name === 'VP8 ') {
      size ??= {
        width: view.getUint16(start + 6, true) & 0x3fff,
        height: view.getUint16(start + 8, true) & 0x3fff,
      };
    } else if (name === 'VP8L') {
      const bits = view.getUint32(start + 1, true);
      size ??= {width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1};
      hasAlpha = ((bits >> 28) & 1) === 1;
    } else if (name === 'EXIF' && end <= bytes.length) {
      exif = removeExifName(bytes.subarray(start, end));
    } else if (name === 'XMP ' && end <= bytes.length) {
      xmp = bytes.slice(start, end);
    } else if (name === 'ICCP' && end <= bytes.length) {
      profile = bytes.slice(start, end);
    }
    position = end + ((end - start) % 2);
  }
  if (!size) throw new Problem('damaged');
  return {
    format: 'webp',
    ...size,
    exif,
    profile,
    xmp: xmpFromPacket(xmp),
    others: [],
    gainMap: null,
    leftOut: [],
    isGray: false,
    isCmyk: false,
    hasAlpha: hasAlpha || (flags & ALPHA) !== 0,
    isAnimated: (flags & ANIMATION) !== 0,
    isComplete,
  };
}

/**
 * Returns a copy of a WebP file in which no program finds EXIF. Everything else keeps its position.
 */
export function removeExif(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const view = viewOf(copy);
  for (let position = 12; position + 8 <= copy.length;) {
    const name = textAt(copy, position, 4);
    const length = view.getUint32(position + 4, true);
    if (name === 'VP8X') copy[position + 8] &= ~EXIF;
    // Programs skip unknown chunks.
    if (name === 'EXIF') copy.set(ascii('NONE'), position);
    position += 8 + length + (length % 2);
  }
  return copy;
}

function readUint24(view: DataView, position: number): number {
  return view.getUint16(position, true) + (view.getUint8(position + 2) << 16);
}

const ANIMATION = 0x02;
const EXIF = 0x08;
const ALPHA = 0x10;
