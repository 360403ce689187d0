/** The index of the pictures in one JPEG file (CIPA DC-007, the Multi-Picture Format). */
import {ascii, bigEndian, joined, startsWith, textAt, viewOf} from './bytes.js';
import {APP2, type Segment} from './jpegSegments.js';

/** Says whether a segment is such an index. */
export function isIndex({marker, content}: Segment): boolean {
  return marker === APP2 && startsWith(content, NAME);
}

/** Returns how many pictures a file's index names; 1 if there is no readable one. */
export function pictureCount(segments: Segment[]): number {
  const index = segments.find(isIndex)?.content.subarray(NAME.length);
  if (!index) return 1;
  try {
    const view = viewOf(index);
    const little = textAt(index, 0, 2) === 'II';
    const directory = view.getUint32(4, little);
    for (let number = 0; number < view.getUint16(directory, little); number++) {
      const entry = directory + 2 + 12 * number;
      if (view.getUint16(entry, little) === COUNT) return view.getUint32(entry + 8, little);
    }
  } catch {
    // Damaged: something lies beyond its end.
  }
  return 1;
}

/**
 * Returns the index of two pictures, the second of which follows the first at once.
 *
 * @param position where the segment will lie in the file.
 * @param primaryLength bytes of the first picture, this segment of `INDEX_LENGTH` included.
 * @param secondLength bytes of the second one.
 */
export function indexOfTwo(position: number, primaryLength: number, secondLength: number): Segment {
  const startOfOffsets = position + 4 + NAME.length;
  const content = joined([
    ascii(NAME),
    ascii('MM\0*'),
    bigEndian(4, DIRECTORY),
    bigEndian(2, 3),
    bigEndian(2, 0xb000, UNDEFINED),
    bigEndian(4, 4),
    ascii('0100'),
    bigEndian(2, COUNT, LONG),
    bigEndian(4, 1, 2),
    bigEndian(2, 0xb002, UNDEFINED),
    bigEndian(4, 2 * ENTRY, ENTRIES),
    bigEndian(4, 0),
    bigEndian(4, PRIMARY, primaryLength, 0, 0),
    bigEndian(4, 0, secondLength, primaryLength - startOfOffsets, 0),
  ]);
  return {marker: APP2, content};
}

const NAME = 'MPF\0';
const COUNT = 0xb001;
const LONG = 4;
const UNDEFINED = 7;
const PRIMARY = 0x030000;
const ENTRY = 16;
const DIRECTORY = 8;
const ENTRIES = DIRECTORY + 2 + 3 * 12 + 4;
/** Bytes of the segment of an index of two pictures. */
export const INDEX_LENGTH = 4 + NAME.length + ENTRIES + 2 * ENTRY;
