import {ascii, bigEndian, concat} from './bytes.js';

/** Returns an EXIF block with only an orientation, in the form that every browser reads. */
export function orientationBlock(orientation: number): Uint8Array<ArrayBuffer> {
  return concat([
    ascii('MM\0*'),
    bigEndian(4, 8),
    bigEndian(2, 1, ORIENTATION, SHORT),
    bigEndian(4, 1),
    bigEndian(2, orientation, 0),
    bigEndian(4, 0),
  ]);
}

const ORIENTATION = 0x0112;
const SHORT = 3;
