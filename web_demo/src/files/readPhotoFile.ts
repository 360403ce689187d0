import {textAt, viewOf} from './bytes.js';
import {readJpeg} from './jpegFile.js';
import {megapixelsOver, type PhotoFile} from './photoFile.js';
import {readPng} from './pngFile.js';
import {Problem} from './problem.js';
import {readWebp} from './webpFile.js';

/** The smallest allowed side of a photograph, as in the Python package. */
export const SMALLEST_PHOTO_SIDE = 16;

/** The most megapixels, regardless of the device's memory. */
export const MAX_MEGAPIXELS = 100;

/**
 * Reads a photograph's file, and rejects files that cannot be corrected.
 *
 * @throws Problem that names what is wrong with the file.
 */
export async function readPhotoFile(bytes: Uint8Array): Promise<PhotoFile> {
  if (bytes.length === 0) throw new Problem('empty');
  const file = await parsePhotoFile(bytes);
  if (file.isAnimated) throw new Problem('animated');
  if (!file.isComplete) throw new Problem('damaged');
  const {width, height} = file;
  if (Math.min(width, height) < SMALLEST_PHOTO_SIDE) {
    throw new Problem('tooSmall', {width, height, least: SMALLEST_PHOTO_SIDE});
  }
  if (width * height > MAX_MEGAPIXELS * 1e6) {
    const most = MAX_MEGAPIXELS;
    throw new Problem('tooLarge', {megapixels: megapixelsOver(file, most), most});
  }
  return file;
}

async function parsePhotoFile(bytes: Uint8Array): Promise<PhotoFile> {
  try {
    if (bytes.length >= 4 && viewOf(bytes).getUint32(0) >>> 8 === JPEG_START) return readJpeg(bytes);
    if (textAt(bytes, 1, 3) === 'PNG') return await readPng(bytes);
    if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return readWebp(bytes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('damaged'); // It is truncated.
  }
  throw new Problem(textAt(bytes, 0, 4) === 'GIF8' ? 'animated' : 'notAPhoto');
}

const JPEG_START = 0xffd8ff;
