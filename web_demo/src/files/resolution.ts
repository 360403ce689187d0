import {bigEndian, concat, crc32, textAt} from './bytes.js';
import type {PhotoFile} from './photoFile.js';

/**
 * Returns a JPEG segment or PNG chunk whose horizontal and vertical resolution are exchanged, for pixels
 * whose columns became rows. All others are returned unchanged. Matches `keras_f2a.imaging.png_chunks`
 * in the Python package.
 */
export function swapResolution(part: Uint8Array, format: PhotoFile['format']): Uint8Array {
  if (format === 'jpeg' && textAt(part, 4, JFIF.length) === JFIF) return swap(part, 12, 14, 16);
  const name = format === 'png' ? textAt(part, 4, 4) : '';
  const end = part.length - 4;
  if (name === 'pHYs' && end === 17) return withChecksum(swap(part, 8, 12, 16));
  if (name !== 'sCAL') return part;
  // The unit, the width as text, a 0, and the height as text.
  const zero = part.indexOf(0, 9);
  if (zero < 0 || zero >= end || part.subarray(8, end).filter((byte) => byte === 0).length !== 1) return part;
  const [width, height] = [part.subarray(9, zero), part.subarray(zero + 1, end)];
  return withChecksum(concat([part.subarray(0, 9), height, Uint8Array.of(0), width, part.subarray(end)]));
}

/** Exchanges the bytes from `start` to `middle` with those from `middle` to `end`. */
function swap(part: Uint8Array, start: number, middle: number, end: number): Uint8Array {
  const pieces = [part.subarray(0, start), part.subarray(middle, end), part.subarray(start, middle)];
  return concat([...pieces, part.subarray(end)]);
}

function withChecksum(chunk: Uint8Array): Uint8Array {
  const body = chunk.subarray(4, chunk.length - 4);
  return concat([chunk.subarray(0, 4), body, bigEndian(4, crc32(body))]);
}

const JFIF = 'JFIF\0';
