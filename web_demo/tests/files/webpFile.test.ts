import {expect, it} from 'vitest';
import {ascii, concat, viewOf} from '../../src/files/bytes.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';
import {removeExif} from '../../src/files/webpFile.js';
import {exifBlock, SAMPLE_FILES} from './made.js';

const EXIF_FLAG = 0x08;

function chunk(name: string, content: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  head.set(ascii(name));
  viewOf(head).setUint32(4, content.length, true);
  return concat([head, content, new Uint8Array(content.length % 2)]);
}

/** Converts a simple WebP file to an extended one, with EXIF and a chunk after it. */
function extendWebp(exif: Uint8Array, xmp: Uint8Array): Uint8Array {
  const size = Uint8Array.of(EXIF_FLAG, 0, 0, 0, 63, 1, 0, 239, 0, 0);
  const body = concat([
    ascii('WEBP'),
    chunk('VP8X', size),
    SAMPLE_FILES.webp.subarray(12),
    chunk('EXIF', exif),
    chunk('XMP ', xmp),
  ]);
  return chunk('RIFF', body);
}

it('has no EXIF in a copy for the decoder, and else all that it has', async () => {
  const exif = concat([exifBlock(), Uint8Array.of(7)]); // An odd length.
  const bytes = extendWebp(exif, ascii('<x/>'));
  const before = bytes.slice();
  const file = await readPhotoFile(bytes);
  expect(file.exif).toEqual(exif);
  const bare = removeExif(bytes);
  expect(await readPhotoFile(bare)).toEqual({...file, exif: null});
  expect([...bare.keys()].filter((index) => bare[index] !== bytes[index])).toHaveLength(5);
  expect(bare[20] & EXIF_FLAG).toBe(0);
  expect(bytes).toEqual(before);
});
