/** Bytes of a pixel of a photograph: red, green, blue and alpha, as a canvas has them. */
export const PIXEL_BYTES = 4;

/** Nobody reads or writes more rows of a photograph at once. */
export const STRIP_ROWS = 128;

/** A full-size photograph, upright, that is read strip by strip. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;

  /**
   * Returns `rows` rows from `top` on, at most `STRIP_ROWS`, as RGBA bytes; they stay valid until
   * the next call.
   */
  read(top: number, rows: number): Uint8ClampedArray;
}

/** Receives a corrected photograph strip by strip. */
export interface PixelSink {
  /** Takes whole rows from `top` on as RGBA bytes, which the caller uses again afterward. */
  write(top: number, pixels: Uint8ClampedArray): void;
}

/** A photograph in an array. */
export class ArrayPixels implements PixelSource, PixelSink {
  /**
   * @param width number of columns.
   * @param height number of rows.
   * @param bytes RGBA, `width * height * 4` of them; zeros if left out.
   */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly bytes: Uint8ClampedArray = new Uint8ClampedArray(width * height * PIXEL_BYTES),
  ) {}

  read(top: number, rows: number): Uint8ClampedArray {
    const stride = this.width * PIXEL_BYTES;
    return this.bytes.subarray(top * stride, (top + rows) * stride);
  }

  write(top: number, pixels: Uint8ClampedArray): void {
    this.bytes.set(pixels, top * this.width * PIXEL_BYTES);
  }
}
