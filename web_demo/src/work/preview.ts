import type {Repair} from '../core/index.js';
import type {Preview} from './correctionService.js';
import {getContext2d} from './canvases.js';

/**
 * Returns a photograph to show on the page, shrunk to at most `side`.
 *
 * @param photo the photograph, which stays unchanged.
 * @param repairs the red-eye repairs, shown in the corrected part.
 * @param side the longest side, in pixels.
 */
export async function createPreview(
  photo: ImageBitmap,
  repairs: readonly Repair[],
  side: number,
): Promise<Preview> {
  const scale = Math.min(1, side / Math.max(photo.width, photo.height));
  const small = await createImageBitmap(photo, {
    resizeWidth: Math.max(Math.round(photo.width * scale), 1),
    resizeHeight: Math.max(Math.round(photo.height * scale), 1),
    resizeQuality: 'medium',
    premultiplyAlpha: 'none', // As WebGL expects.
  });
  const across = small.width / photo.width;
  const down = small.height / photo.height;
  return {
    photo: small,
    repaired: repairs.length > 0 ? await drawRepairs(small, repairs, across, down) : null,
  };
}

async function drawRepairs(
  photo: ImageBitmap,
  repairs: readonly Repair[],
  across: number,
  down: number,
): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(photo.width, photo.height);
  const context = getContext2d(canvas);
  context.drawImage(photo, 0, 0);
  for (const {left, top, width, height, bytes} of repairs) {
    const window = new ImageData(bytes as Uint8ClampedArray<ArrayBuffer>, width, height);
    const picture = await createImageBitmap(window);
    context.drawImage(picture, left * across, top * down, width * across, height * down);
    picture.close();
  }
  const result = await createImageBitmap(canvas, {premultiplyAlpha: 'none'});
  canvas.width = canvas.height = 0;
  return result;
}
