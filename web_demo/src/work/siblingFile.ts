/**
 * A model's file for photographs of the other orientation, stored as the difference from the
 * model's own file. The two share all weights, so the difference is a hundredth of the size.
 */
import {concat, crc32, viewOf} from '../files/bytes.js';
import {deflate, inflate} from '../files/inflating.js';
import {Problem} from '../files/problem.js';

/** Bytes of the sibling's length and checksum. */
const HEADER_LENGTH = 8;

/** Compresses a sibling relative to the model. */
export function packSibling(model: Uint8Array, sibling: Uint8Array): Promise<Uint8Array> {
  const header = new DataView(new ArrayBuffer(HEADER_LENGTH));
  header.setUint32(0, sibling.length);
  header.setUint32(4, crc32(sibling));
  const content = concat([new Uint8Array(header.buffer), xor(sibling, model)]);
  return deflate(content);
}

/**
 * Restores the file of a packed sibling.
 *
 * @throws Problem if it is damaged, or was packed for another model.
 */
export async function unpackSibling(model: Uint8Array, packed: Uint8Array): Promise<Uint8Array> {
  const content = await inflate(packed).catch(() => new Uint8Array(HEADER_LENGTH));
  const header = viewOf(content);
  const sibling = xor(content.subarray(HEADER_LENGTH), model);
  const isIntact =
    sibling.length > 0 && sibling.length === header.getUint32(0) && crc32(sibling) === header.getUint32(4);
  if (!isIntact) throw new Problem('modelMissing');
  return sibling;
}

/** Returns the exclusive or, as long as `first`. Beyond its end, `second` counts as zeros. */
function xor(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.map((byte, index) => byte ^ (index < second.length ? second[index] : 0));
}
