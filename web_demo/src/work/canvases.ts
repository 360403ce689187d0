import {Problem} from '../files/problem.js';

/** Returns the context of a canvas for frequent reads, which keeps its pixels off the GPU. */
export function getContext2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', {willReadFrequently: true, colorSpace: 'srgb'});
  if (!context) throw new Problem('outOfMemory');
  return context;
}

/**
 * Draws an image upright on a canvas of the same resolution, and closes the image.
 *
 * @param picture the image as stored.
 * @param orientation 1 to 8 as in EXIF.
 */
export function drawUpright(picture: ImageBitmap, orientation: number): OffscreenCanvas {
  const {width, height} = picture;
  const canvas = orientation > 4 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
  const context = getContext2d(canvas);
  context.imageSmoothingEnabled = false;
  context.setTransform(...uprightTransform(orientation, width, height));
  context.drawImage(picture, 0, 0);
  picture.close();
  return canvas;
}

/** Returns the matrix that turns an image of an orientation upright. */
function uprightTransform(
  orientation: number,
  width: number,
  height: number,
): [number, number, number, number, number, number] {
  switch (orientation) {
    case 2:
      return [-1, 0, 0, 1, width, 0];
    case 3:
      return [-1, 0, 0, -1, width, height];
    case 4:
      return [1, 0, 0, -1, 0, height];
    case 5:
      return [0, 1, 1, 0, 0, 0];
    case 6:
      return [0, 1, -1, 0, height, 0];
    case 7:
      return [0, -1, -1, 0, height, width];
    case 8:
      return [0, -1, 1, 0, 0, width];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}
