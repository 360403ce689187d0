import {
  applyCorrection,
  type LocalAffine,
  type Monitor,
  partOf,
  PIXEL_BYTES,
  type PixelSource,
  type Settings,
} from '../core/index.js';
import type {LeftOut} from '../files/companions.js';
import {orientationOf} from '../files/exifBlock.js';
import {replaceJpegMetadata} from '../files/jpegFile.js';
import {uprightMetadata} from '../files/metadata.js';
import type {PhotoFile} from '../files/photoFile.js';
import {replacePngMetadata} from '../files/pngFile.js';
import {Problem} from '../files/problem.js';
import {getContext2d} from './canvases.js';
import {rotateGainMap} from './turnedGainMap.js';

/** For JPEG files. At this quality, browsers use chroma subsampling, as cameras do. */
const JPEG_QUALITY = 0.95;

/** Returns the type of a result's file: PNG stays PNG, and alpha requires it. */
export function resultType(file: PhotoFile): 'image/jpeg' | 'image/png' {
  return file.format === 'png' || file.hasAlpha ? 'image/png' : 'image/jpeg';
}

/**
 * Corrects a photograph and writes it with the metadata of its file.
 *
 * @param photo the photograph.
 * @param file the metadata of its file.
 * @param model what the network does to it.
 * @param settings strength and tone.
 * @param monitor receives the progress.
 * @return the new file, and the contents of the original that could not be kept.
 */
export async function writePhoto(
  photo: PixelSource,
  file: PhotoFile,
  model: LocalAffine,
  settings: Settings,
  monitor: Monitor,
): Promise<{blob: Blob; leftOut: LeftOut[]}> {
  const canvas = new OffscreenCanvas(photo.width, photo.height);
  const context = getContext2d(canvas);
  const sink = {
    write(top: number, pixels: Uint8ClampedArray) {
      if (file.isGray) convertToGray(pixels);
      context.putImageData(new ImageData(pixels as Uint8ClampedArray<ArrayBuffer>, photo.width), 0, top);
    },
  };
  await applyCorrection(model, photo, sink, settings, partOf(monitor, 0, APPLY_PROGRESS));
  const type = resultType(file);
  const blob = await canvas.convertToBlob({type, quality: JPEG_QUALITY});
  canvas.width = canvas.height = 0;
  if (blob.type !== type) throw new Problem('unwritable');
  const encoded = new Uint8Array(await blob.arrayBuffer());
  const gainMap = file.gainMap && (await rotateGainMap(file.gainMap, orientationOf(file.exif)));
  const leftOut: LeftOut[] = file.gainMap && !gainMap ? [...file.leftOut, 'hdr'] : file.leftOut;
  const metadata = uprightMetadata(file, photo.width, photo.height, gainMap);
  const result =
    type === 'image/png'
      ? await replacePngMetadata(encoded, metadata)
      : replaceJpegMetadata(encoded, metadata);
  await monitor.progress(1);
  return {blob: new Blob([result], {type}), leftOut};
}

/** Keeps a gray photograph gray, using the luma of ITU-R BT.601 with Pillow's rounding. */
function convertToGray(pixels: Uint8ClampedArray): void {
  for (let offset = 0; offset < pixels.length; offset += PIXEL_BYTES) {
    const weighted = pixels[offset] * 19595 + pixels[offset + 1] * 38470 + pixels[offset + 2] * 7471;
    pixels[offset] = pixels[offset + 1] = pixels[offset + 2] = (weighted + 0x8000) >> 16;
  }
}

const APPLY_PROGRESS = 0.7;
