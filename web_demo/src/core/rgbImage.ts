/** Values per pixel of an `RgbImage`: red, green and blue. */
export const CHANNELS = 3;

/**
 * A small image of the network or of the fit: interleaved RGB, in [0, 1] unless noted otherwise.
 */
export class RgbImage {
  /**
   * @param height number of rows.
   * @param width number of columns.
   * @param values `height * width * 3` of them; zeros by default.
   */
  constructor(
    readonly height: number,
    readonly width: number,
    readonly values: Float32Array = new Float32Array(height * width * CHANNELS),
  ) {
    if (values.length !== height * width * CHANNELS) {
      throw new RangeError(`${values.length} values for ${width} x ${height} pixels`);
    }
  }

  /** Returns the index of a pixel's first channel in `values`. */
  position(row: number, column: number): number {
    return (row * this.width + column) * CHANNELS;
  }

  /** Copies one pixel from another image. */
  copyPixel(row: number, column: number, from: RgbImage, fromRow: number, fromColumn: number): void {
    const source = from.position(fromRow, fromColumn);
    const target = this.position(row, column);
    for (let channel = 0; channel < CHANNELS; channel++) {
      this.values[target + channel] = from.values[source + channel];
    }
  }
}
