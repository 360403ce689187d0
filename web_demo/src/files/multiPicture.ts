/** The index of the images in one JPEG file (CIPA DC-007, the Multi-Picture Format). */
import {ascii, bigEndian, concat, startsWith, textAt, viewOf} from './bytes.js';
import {APP2, type Segment} from './jpegSegments.js';

/** Returns whether a segment is such an index. */
export function isIndex({marker, content}: Segment): boolean {
  return marker === APP2 && startsWith(content, NAME);
}

/** Returns the number of images in a file's index; 1 if there is no readable index. */
export function countImages(segments: Segment[]): number {
  const index = segments.find(isIndex)?.content.subarray(NAME.length);
  if (!index) return 1;
  try {
    const view = viewOf(index);
    const isLittleEndian = textAt(index, 0, 2) === 'II';
    const directory = view.getUint32(4, isLittleEndian);
    for (let entryIndex = 0; entryIndex < view.getUint16(directory, isLittleEndian); entryIndex++) {
      const entry = directory + 2 + 12 * entryIndex;
      const tag = view.getUint16(entry, isLittleEndian);
      if (tag === IMAGE_COUNT) return view.getUint32(entry + 8, isLittleEndian);
    }
  } catch {
    // Damaged: an offset points beyond the end.
  }
  return 1;
}

/**
 * Returns the index of two images, the second directly after the first.
 *
 * @param position the future position of the segment in the file.
 * @param primaryLength bytes of the first image, including this segment of `INDEX_LENGTH` bytes.
 * @param secondLength bytes of the second image.
 */
export function createIndex(position: number, primaryLength: number, secondLength: number): Segment {
  const startOfOffsets = position + 4 + NAME.length;
  const content = concat([
    ascii(NAME),
    ascii('MM\0*'),
    bigEndian(4, DIRECTORY),
    bigEndian(2, 3),
    bigEndian(2, 0xb000, UNDEFINED),
    bigEndian(4, 4),
    ascii('0100'),
    bigEndian(2, IMAGE_COUNT, LONG),
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
const IMAGE_COUNT = 0xb001;
const LONG = 4;
const UNDEFINED = 7;
const PRIMARY = 0x030000;
const ENTRY = 16;
const DIRECTORY = 8;
const ENTRIES = DIRECTORY + 2 + 3 * 12 + 4;
/** Bytes of the segment with an index of two images. */
export const INDEX_LENGTH = 4 + NAME.length + ENTRIES + 2 * ENTRY;
