import {textAt, viewOf} from './bytes.js';
import {readJpeg} from './jpegFile.js';
import {readPng} from './pngFile.js';
import {Problem} from './problem.js';
import {readWebp} from './webpFile.js';

/** What a photograph's file says beside its pixels; nothing is decoded. */
export interface PhotoFile {
  readonly format: 'jpeg' | 'png' | 'webp';

  /** Columns as they are stored, before EXIF's orientation is applied. */
  readonly width: number;

  /** Rows as they are stored. */
  readonly height: number;

  /** The EXIF block, from its byte order on; null if there is none. */
  readonly exif: Uint8Array | null;

  /** The colour profile; null if there is none. */
  readonly profile: Uint8Array | null;

  /** The XMP packet; null if there is none. */
  readonly xmp: Uint8Array | null;

  /** What else is kept byte for byte: a JPEG's IPTC segments, a PNG's texts and color chunks. */
  readonly others: Uint8Array[];

  readonly grey: boolean;
  readonly cmyk: boolean;

  /** Whether there may be pixels that are not opaque. */
  readonly alpha: boolean;

  readonly animated: boolean;

  /** Whether the file goes on to its end. */
  readonly whole: boolean;
}

/** Fewest rows and columns of a photograph, as in the Python package. */
export const SMALLEST_SIDE = 16;

/** As in the Python package. */
export const MOST_MEGAPIXELS = 100;

/**
 * Reads what a file says of its photograph and refuses what cannot be corrected.
 *
 * @throws Problem naming what is wrong with the file.
 */
export async function readPhotoFile(bytes: Uint8Array): Promise<PhotoFile> {
  if (bytes.length === 0) throw new Problem('empty');
  const file = await parsed(bytes);
  if (file.animated) throw new Problem('animated');
  if (!file.whole) throw new Problem('damaged');
  const {width, height} = file;
  if (Math.min(width, height) < SMALLEST_SIDE) {
    throw new Problem('tooSmall', {width, height, least: SMALLEST_SIDE});
  }
  if (width * height > MOST_MEGAPIXELS * 1e6) {
    throw new Problem('tooLarge', {megapixels: megapixels(file), most: MOST_MEGAPIXELS});
  }
  return file;
}

/** Millions of pixels, rounded to tenths. */
export function megapixels({width, height}: {width: number; height: number}): number {
  return Math.round(width * height / 1e5) / 10;
}

async function parsed(bytes: Uint8Array): Promise<PhotoFile> {
  try {
    if (bytes.length >= 4 && viewOf(bytes).getUint32(0) >>> 8 === JPEG_START) return readJpeg(bytes);
    if (textAt(bytes, 1, 3) === 'PNG') return await readPng(bytes);
    if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return readWebp(bytes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('damaged'); // It ends in the middle of something.
  }
  throw new Problem(textAt(bytes, 0, 4) === 'GIF8' ? 'animated' : 'notAPhoto');
}

const JPEG_START = 0xffd8ff;
