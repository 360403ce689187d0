import {megapixelsOver, type PhotoFile} from '../files/photoFile.js';
import {Problem} from '../files/problem.js';

/** Whether a canvas of this size keeps what is drawn into it. */
export type CanvasTest = (width: number, height: number) => boolean;

/**
 * Returns why a photograph does not fit a canvas of this browser; null if it fits.
 *
 * @param file gives the photograph's size.
 * @param isUsable tests a canvas.
 */
export function canvasProblem(file: PhotoFile, isUsable: CanvasTest): Problem | null {
  const {width, height} = file;
  if (isUsable(width, height)) return null;
  const side = Math.max(width, height);
  if (!isUsable(side, 1)) {
    const most = SIDE_LIMITS.find((limit) => limit < side && isUsable(limit, 1));
    if (most) return new Problem('tooLongForBrowser', {side, most});
  }
  const square = SQUARE_LIMITS.find((limit) => limit ** 2 < width * height && isUsable(limit, limit));
  if (!square) return new Problem('outOfMemory');
  const most = Math.floor((square * square) / 1e6);
  return new Problem('tooLargeForBrowser', {megapixels: megapixelsOver(file, most), most});
}

/** Tests a canvas, because some browsers create one that is too large but stays empty. */
export function isCanvasUsable(width: number, height: number): boolean {
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context?.fillRect(width - 1, height - 1, 1, 1);
    const alpha = context?.getImageData(width - 1, height - 1, 1, 1).data[3];
    canvas.width = canvas.height = 0;
    return alpha === 255;
  } catch {
    return false;
  }
}

/** Where the limits of browsers lie, in descending order. */
const SIDE_LIMITS = [65535, 32767, 16384, 8192, 4096];
const SQUARE_LIMITS = [16384, 11585, 8192, 5792, 4096, 2896, 2048];
