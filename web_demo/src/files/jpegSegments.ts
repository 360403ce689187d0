import {ascii, bigEndian, concat, splitBytes, startsWith, textAt, viewOf} from './bytes.js';

/** A marker of a JPEG file and its content. */
export interface Segment {
  /** The second byte of the marker, for example `APP1`. */
  readonly marker: number;
  /** The bytes after the length field. */
  readonly content: Uint8Array;
}

export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP13 = 0xed;
export const COMMENT = 0xfe;
/** The largest content of a segment in bytes. */
export const LARGEST_CONTENT = 0xffff - 2;

/** Returns the segment as stored in a file. */
export function encodeSegment({marker, content}: Segment): Uint8Array<ArrayBuffer> {
  return concat([Uint8Array.of(0xff, marker), bigEndian(2, content.length + 2), content]);
}

/** Returns the segments before the image data, in order. A damaged file may yield fewer. */
export function readSegments(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (const {marker, start, end} of readMarkers(bytes)) {
    if (marker === SCAN || marker === END || end > bytes.length) break;
    segments.push({marker, content: bytes.subarray(start, end)});
  }
  return segments;
}

/**
 * Returns the position after a JPEG image; null if the image is not complete.
 *
 * @param bytes the image and possibly more after it.
 * @param start the position of its first byte.
 * @param isStrict whether bytes between the segments are rejected, so that other data is not
 *   mistaken for an image.
 */
export function findImageEnd(bytes: Uint8Array, start = 0, isStrict = true): number | null {
  if (textAt(bytes, start, 3) !== START_OF_IMAGE) return null;
  let hasScan = false;
  let expected = start + 2;
  for (const {marker, start: content, end} of readMarkers(bytes, start + 2)) {
    for (let between = expected; isStrict && !hasScan && between < content - 4; between++) {
      if (bytes[between] !== 0xff) return null;
    }
    if (marker === END) return hasScan || !isStrict ? end : null;
    if (isStrict && marker === START) return null;
    hasScan ||= marker === SCAN;
    expected = end;
  }
  return null;
}

/** Returns start and end of each JPEG image from a position on. */
export function findImages(bytes: Uint8Array, start: number): [number, number][] {
  const images: [number, number][] = [];
  let position = start;
  for (;;) {
    position = bytes.indexOf(0xff, position);
    if (position < 0) return images;
    const end = findImageEnd(bytes, position);
    if (end !== null) images.push([position, end]);
    position = end ?? position + 1;
  }
}

/**
 * Replaces the segments of a JPEG file, except those that decoding needs.
 *
 * @param bytes the file.
 * @param segments the new segments, in order.
 */
export function replaceSegments(bytes: Uint8Array, segments: Segment[]): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 2), ...segments.map(encodeSegment)];
  for (const {marker, start, end} of readMarkers(bytes)) {
    if (marker === SCAN || marker === END) {
      parts.push(bytes.subarray(start - 4));
      break;
    }
    // APP14 tells how the colors are encoded.
    const isForDecoding = marker < APP0 || (marker > LAST_APP && marker !== COMMENT) || marker === APP14;
    if (isForDecoding) parts.push(bytes.subarray(start - 4, end));
  }
  return concat(parts);
}

/** Returns a JPEG file with another EXIF block. Everything else keeps its order. */
export function replaceExif(bytes: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 2), ...exifSegments(block).map(encodeSegment)];
  let kept = 2;
  for (const {marker, start, end} of readMarkers(bytes)) {
    if (marker === SCAN || marker === END) break;
    if (marker !== APP1 || textAt(bytes, start, EXIF_NAME.length) !== EXIF_NAME) continue;
    parts.push(bytes.subarray(kept, start - 4));
    kept = end;
  }
  return concat([...parts, bytes.subarray(kept)]);
}

/**
 * Joins the EXIF block from all segments that hold a part of it, starting at its byte order mark.
 */
export function readExif(segments: Segment[]): Uint8Array | null {
  const parts = contentsOf(segments, APP1, EXIF_NAME);
  // Some programs leave a second block behind, which is not a part of the first.
  const later = parts.slice(1).filter((part) => !BLOCK_STARTS.includes(textAt(part, 0, 4)));
  return parts.length ? concat([parts[0], ...later]) : null;
}

/** Returns the segments of an EXIF block. A block of more than 64 kB is split. */
export function exifSegments(block: Uint8Array): Segment[] {
  return splitBytes(block, LARGEST_CONTENT - EXIF_NAME.length).map((part) =>
    namedSegment(APP1, EXIF_NAME, part),
  );
}

/** Joins the color profile from all segments that hold a part of it. */
export function readProfile(segments: Segment[]): Uint8Array | null {
  const parts: Uint8Array[] = [];
  for (const content of contentsOf(segments, APP2, PROFILE_NAME)) parts[content[0]] = content.subarray(2);
  return parts.length ? concat(Object.values(parts)) : null;
}

/** Returns the segments of a color profile. */
export function profileSegments(profile: Uint8Array): Segment[] {
  const parts = splitBytes(profile, LARGEST_CONTENT - PROFILE_NAME.length - 2);
  return parts.map((part, index) =>
    namedSegment(APP2, PROFILE_NAME, Uint8Array.of(index + 1, parts.length), part),
  );
}

/** Returns the bytes after a name in each segment that starts with it. */
export function contentsOf(segments: Segment[], marker: number, name: string): Uint8Array[] {
  return segments
    .filter((segment) => segment.marker === marker && startsWith(segment.content, name))
    .map(({content}) => content.subarray(name.length));
}

/** Returns a segment whose content is a name followed by the parts. */
export function namedSegment(marker: number, name: string, ...parts: Uint8Array[]): Segment {
  return {marker, content: concat([ascii(name), ...parts])};
}

/** Where a marker's content starts, 4 bytes after the marker, and ends, perhaps beyond the file. */
export interface MarkerRange {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** Yields the markers in order, including those within the image data, until the end marker. */
export function* readMarkers(bytes: Uint8Array, start = 2): Generator<MarkerRange> {
  const view = viewOf(bytes);
  let position = start;
  while (position + 1 < bytes.length) {
    if (bytes[position] !== 0xff) {
      position = bytes.indexOf(0xff, position); // Skips image data or padding.
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
      const end = position + 2 + view.getUint16(position + 2);
      yield {marker, start: position + 4, end};
      position = end;
    }
  }
}

export const END = 0xd9;
const START_OF_IMAGE = '\xff\xd8\xff';
const START = 0xd8;
const SCAN = 0xda;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const LAST_APP = 0xef;
const APP14 = 0xee;
const EXIF_NAME = 'Exif\0\0';
const BLOCK_STARTS = ['II*\0', 'MM\0*'];
const PROFILE_NAME = 'ICC_PROFILE\0';
