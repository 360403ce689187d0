/** Bytes per pixel of a photograph: red, green, blue and alpha, as in a canvas. */
export const PIXEL_BYTES = 4;

/** The most rows of a photograph that are read or written at once. */
export const STRIP_ROWS = 128;

/** A full-size, upright photograph that is read strip by strip. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;

  /**
   * Returns `rows` rows, at most `STRIP_ROWS`, starting at `top`, as RGBA bytes. They stay valid
   * until the next call.
   */
  read(top: number, rows: number): Uint8ClampedArray;
}

/** Receives a corrected photograph strip by strip. */
export interface PixelSink {
  /** Takes whole rows starting at `top` as RGBA bytes. The caller reuses the array afterward. */
  write(top: number, pixels: Uint8ClampedArray): void;
}

/** A photograph in an array. */
export class ArrayPixels implements PixelSource, PixelSink {
  /**
   * @param width number of columns.
   * @param height number of rows.
   * @param bytes RGBA, `width * height * 4` of them; zeros by default.
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
