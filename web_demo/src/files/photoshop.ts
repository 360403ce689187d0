/** Photoshop's resource blocks in a JPEG file, one of which holds IPTC's captions and keywords. */
import {concat, splitBytes, textAt, viewOf} from './bytes.js';
import {APP13, contentsOf, LARGEST_CONTENT, namedSegment, type Segment} from './jpegSegments.js';

/**
 * Returns the segments of a JPEG file that hold Photoshop's resource blocks.
 *
 * They stay byte for byte, except that previews are dropped. A preview shows the photograph before
 * its correction.
 */
export function photoshopSegments(segments: Segment[]): Segment[] {
  const contents = contentsOf(segments, APP13, NAME);
  const data = concat(contents);
  const kept = removePreviews(data);
  if (kept.length === data.length) return contents.map((content) => namedSegment(APP13, NAME, content));
  return splitBytes(kept, LARGEST_CONTENT - NAME.length).map((part) => namedSegment(APP13, NAME, part));
}

/** Returns Photoshop's blocks without those that hold a preview. */
export function removePreviews(data: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let start = 0;
  for (const block of readBlocks(data)) {
    if (!PREVIEW_IDS.includes(block.id)) continue;
    kept.push(data.subarray(start, block.start));
    start = block.end;
  }
  kept.push(data.subarray(start));
  return concat(kept);
}

/**
 * Yields ID, start and end of each complete block. Names and data are padded to even length.
 */
function* readBlocks(bytes: Uint8Array): Generator<{id: number; start: number; end: number}> {
  const view = viewOf(bytes);
  let start = 0;
  while (textAt(bytes, start, 4) === '8BIM' && bytes.length >= start + 12) {
    const sizeOffset = start + 6 + Math.floor((bytes[start + 6] + 2) / 2) * 2;
    if (sizeOffset + 4 > bytes.length) return;
    const size = view.getUint32(sizeOffset);
    const end = sizeOffset + 4 + size;
    if (end > bytes.length) return;
    const next = Math.min(end + (size % 2), bytes.length);
    yield {id: view.getUint16(start + 4), start, end: next};
    start = next;
  }
}

const NAME = 'Photoshop 3.0\0';
const PREVIEW_IDS = [0x0409, 0x040c];
