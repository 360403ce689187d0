/** Photoshop's resource blocks in a JPEG file, one of which holds IPTC's captions and keywords. */
import {joined, partsOf, textAt, viewOf} from './bytes.js';
import {APP13, contentsOf, LARGEST_CONTENT, named, type Segment} from './jpegSegments.js';

/**
 * Returns the segments of a JPEG file that hold Photoshop's resource blocks.
 *
 * They stay byte for byte, except that previews are dropped. A preview shows the photograph before
 * its correction.
 */
export function photoshopSegments(segments: Segment[]): Segment[] {
  const contents = contentsOf(segments, APP13, NAME);
  const whole = joined(contents);
  const kept: Uint8Array[] = [];
  let start = 0;
  for (const block of blocks(whole)) {
    if (!PREVIEWS.includes(block.number)) continue;
    kept.push(whole.subarray(start, block.start));
    start = block.end;
  }
  if (start === 0) return contents.map((content) => named(APP13, NAME, content));
  kept.push(whole.subarray(start));
  return partsOf(joined(kept), LARGEST_CONTENT - NAME.length).map((part) => named(APP13, NAME, part));
}

/**
 * Yields number, start and end of each complete block. Names and data are padded to even length.
 */
function* blocks(bytes: Uint8Array): Generator<{number: number; start: number; end: number}> {
  const view = viewOf(bytes);
  let start = 0;
  while (textAt(bytes, start, 4) === '8BIM' && bytes.length >= start + 12) {
    const sizeAt = start + 6 + Math.floor((bytes[start + 6] + 2) / 2) * 2;
    if (sizeAt + 4 > bytes.length) return;
    const size = view.getUint32(sizeAt);
    const end = sizeAt + 4 + size;
    if (end > bytes.length) return;
    const next = Math.min(end + (size % 2), bytes.length);
    yield {number: view.getUint16(start + 4), start, end: next};
    start = next;
  }
}

const NAME = 'Photoshop 3.0\0';
const PREVIEWS = [0x0409, 0x040c];
