import {Monitor, UNWATCHED} from './monitor.js';
import {PIXEL_BYTES, PixelSource, STRIP_ROWS} from './pixels.js';
import {CHANNELS, RgbImage} from './rgbImage.js';

/**
 * Returns a smaller copy of a photograph, in [0, 1].
 *
 * A small pixel is the mean of the full-size pixels whose centers lie inside it. The mean is
 * rounded to 8 bits once across and once down. The result matches Pillow's BOX filter, which the
 * Python package uses, bit for bit.
 *
 * @param photo the photograph, which is read one strip at a time.
 * @param height rows of the copy, at most the photograph's.
 * @param width columns of the copy, at most the photograph's.
 * @param monitor receives the progress.
 */
export async function shrink(
  photo: PixelSource,
  height: number,
  width: number,
  monitor: Monitor = UNWATCHED,
): Promise<RgbImage> {
  const columnBins = new Bins(photo.width, width);
  const rowBins = new Bins(photo.height, height);
  const small = new RgbImage(height, width);
  const rowMeans = new Int32Array(width * CHANNELS);
  const sums = new Int32Array(width * CHANNELS);
  let row = 0;
  for (let top = 0; top < photo.height && row < height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, photo.height - top);
    const strip = photo.read(top, rows);
    for (let line = top; line < top + rows && row < height; line++) {
      if (line < rowBins.first[row]) continue;
      columnBins.averageRow(strip, (line - top) * photo.width, rowMeans);
      for (let index = 0; index < sums.length; index++) sums[index] += rowMeans[index];
      if (line + 1 < rowBins.end[row]) continue;
      const start = small.position(row, 0);
      for (let index = 0; index < sums.length; index++) {
        small.values[start + index] = mean(sums[index], rowBins.weight[row]) / WHITE;
      }
      sums.fill(0);
      row++;
    }
    await monitor.progress((top + rows) / photo.height);
  }
  return small;
}

/** The ranges of `full` positions that make up each of `small` positions. */
class Bins {
  /** The first position of each range. */
  readonly first: Int32Array;

  /** The position after the end of each range. */
  readonly end: Int32Array;

  /** One over the length of each range, in units of 2^-22. */
  readonly weight: Int32Array;

  constructor(
    full: number,
    private readonly small: number,
  ) {
    this.first = new Int32Array(small);
    this.end = new Int32Array(small);
    this.weight = new Int32Array(small);
    const scale = full / small;
    for (let index = 0; index < small; index++) {
      const center = (index + 0.5) * scale;
      let from = Math.max(Math.trunc(center - 0.5 * scale + 0.5), 0);
      let to = Math.min(Math.trunc(center + 0.5 * scale + 0.5), full);
      // A position exactly between two bins belongs to the earlier one.
      if ((from - center + 0.5) / scale <= -0.5) from++;
      if ((to - 1 - center + 0.5) / scale > 0.5) to--;
      this.first[index] = from;
      this.end[index] = to;
      this.weight[index] = Math.trunc(0.5 + (1 << WEIGHT_BITS) / (to - from));
    }
  }

  /** Averages one row of RGBA pixels into the bins. `into` receives RGB, 0 to 255. */
  averageRow(pixels: Uint8ClampedArray, start: number, target: Int32Array): void {
    for (let index = 0; index < this.small; index++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = (start + this.end[index]) * PIXEL_BYTES;
      for (let offset = (start + this.first[index]) * PIXEL_BYTES; offset < end; offset += PIXEL_BYTES) {
        red += pixels[offset];
        green += pixels[offset + 1];
        blue += pixels[offset + 2];
      }
      const weight = this.weight[index];
      target[index * CHANNELS] = mean(red, weight);
      target[index * CHANNELS + 1] = mean(green, weight);
      target[index * CHANNELS + 2] = mean(blue, weight);
    }
  }
}

// Pillow's own fixed-point arithmetic, because any other would round some halves differently. The
// product stays below 2^31.
function mean(sum: number, weight: number): number {
  return Math.min((sum * weight + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS, 255);
}

const WEIGHT_BITS = 22;
const WHITE = 255;
