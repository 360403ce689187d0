import {joined, textAt, viewOf} from './bytes.js';
import type {PhotoFile} from './photoFile.js';
import {Problem} from './problem.js';

/** Reads the segments of a JPEG file. */
export function readJpeg(bytes: Uint8Array): PhotoFile {
  const view = viewOf(bytes);
  let size: {width: number; height: number; components: number} | null = null;
  const exif: Uint8Array[] = [];
  let xmp: Uint8Array | null = null;
  const others: Uint8Array[] = [];
  const profiles: Uint8Array[] = [];
  let whole = false;
  for (const {marker, start, end} of segments(bytes)) {
    if (marker === END) {
      whole = true;
      break;
    }
    if (end > bytes.length) break;
    if (isFrame(marker) && !size) {
      size = {
        height: view.getUint16(start + 1),
        width: view.getUint16(start + 3),
        components: view.getUint8(start + 5),
      };
    } else if (marker === APP1 && textAt(bytes, start, 6) === EXIF_NAME) {
      // A large block is split. A second one, which some programs leave behind, is none of its parts.
      const part = bytes.subarray(start + EXIF_NAME.length, end);
      if (!exif.length || !BLOCK_STARTS.includes(textAt(part, 0, 4))) exif.push(part);
    } else if (marker === APP1 && !xmp && textAt(bytes, start, XMP_NAME.length) === XMP_NAME) {
      xmp = bytes.slice(start + XMP_NAME.length, end);
    } else if (marker === APP13 && textAt(bytes, start, PHOTOSHOP_NAME.length) === PHOTOSHOP_NAME) {
      others.push(bytes.slice(start - 4, end));
    } else if (marker === APP2 && textAt(bytes, start, 12) === PROFILE_NAME) {
      profiles[bytes[start + 12]] = bytes.subarray(start + 14, end);
    }
  }
  if (!size) throw new Problem('damaged');
  return {
    format: 'jpeg',
    width: size.width,
    height: size.height,
    exif: exif.length ? joined(exif) : null,
    xmp,
    others,
    profile: profiles.length ? joined(Object.values(profiles)) : null,
    grey: size.components === 1,
    cmyk: size.components === 4,
    alpha: false,
    animated: false,
    whole,
  };
}

/**
 * Returns a JPEG file with another EXIF block and colour profile than its own.
 *
 * @param bytes the file, as a canvas writes it.
 * @param exif the block, from its byte order on; null for none. One of more than 64 kB is split.
 * @param profile the profile; null for none.
 * @param xmp the XMP packet; null for none. One of more than 64 kB is left out.
 * @param others segments that are added as they are.
 */
export function jpegWith(
  bytes: Uint8Array, exif: Uint8Array | null, profile: Uint8Array | null,
  xmp: Uint8Array | null = null, others: Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 2)];
  for (let start = 0; exif && start < exif.length; start += EXIF_PART) {
    parts.push(segment(APP1, [ascii(EXIF_NAME), exif.subarray(start, start + EXIF_PART)]));
  }
  if (xmp && xmp.length <= LARGEST_SEGMENT - XMP_NAME.length) {
    parts.push(segment(APP1, [ascii(XMP_NAME), xmp]));
  }
  if (profile) {
    const count = Math.ceil(profile.length / PROFILE_PART);
    for (let index = 0; index < count; index++) {
      const part = profile.subarray(index * PROFILE_PART, (index + 1) * PROFILE_PART);
      parts.push(segment(APP2, [ascii(PROFILE_NAME), Uint8Array.of(index + 1, count), part]));
    }
  }
  parts.push(...others);
  for (const {marker, start, end} of segments(bytes)) {
    if (marker === SCAN || marker === END) {
      parts.push(bytes.subarray(start - 4));
      break;
    }
    // Its own profile and the mark of a plain file, which contradicts EXIF.
    if (marker < APP0 || marker > APP2 && marker !== APP13) parts.push(bytes.subarray(start - 4, end));
  }
  return joined(parts);
}

interface Segment {
  readonly marker: number;
  /** Where its content starts. */
  readonly start: number;
  /** Where it ends, maybe behind the file's end. */
  readonly end: number;
}

/** The segments in order, the mark of the end among them if there is one. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  let position = 2;
  while (position + 1 < bytes.length) {
    if (bytes[position] !== 0xff) {
      // Coded pixels, or padding.
      position = bytes.indexOf(0xff, position);
      if (position < 0) return;
      continue;
    }
    const marker = bytes[position + 1];
    if (marker === 0xff) position += 1;
    else if (marker === 0 || (marker >= FIRST_RESTART && marker <= LAST_RESTART)) position += 2;
    else if (marker === END) {
      yield {marker, start: position + 4, end: position + 2};
      return;
    } else {
      if (position + 4 > bytes.length) return;
      const end = position + 2 + bytes[position + 2] * 256 + bytes[position + 3];
      yield {marker, start: position + 4, end};
      position = end;
    }
  }
}

function segment(marker: number, content: Uint8Array[]): Uint8Array {
  const body = joined(content);
  const length = body.length + 2;
  return joined([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), body]);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Whether a marker starts a frame: 0xC0 to 0xCF but for tables and arithmetic coding's own. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const END = 0xd9;
const SCAN = 0xda;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP13 = 0xed;
const EXIF_NAME = 'Exif\0\0';
const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
const PHOTOSHOP_NAME = 'Photoshop 3.0\0';
const BLOCK_STARTS = ['II*\0', 'MM\0*'];
const PROFILE_NAME = 'ICC_PROFILE\0';
const LARGEST_SEGMENT = 0xffff - 2;
const EXIF_PART = LARGEST_SEGMENT - EXIF_NAME.length;
const PROFILE_PART = LARGEST_SEGMENT - PROFILE_NAME.length - 2;
