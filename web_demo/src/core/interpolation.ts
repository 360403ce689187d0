import {CHANNELS, RgbImage} from './rgbImage.js';

/**
 * Maps full-size positions to small ones: x = (X + 0.5) * small / full - 0.5, limited to [0, small
 * - 1].
 */
export class Positions {
  /** The small position before each full-size one. */
  readonly lower: Int32Array;

  /** The weight of the next small position, in [0, 1]. */
  readonly weight: Float32Array;

  constructor(full: number, small: number) {
    this.lower = new Int32Array(full);
    this.weight = new Float32Array(full);
    for (let position = 0; position < full; position++) {
      const center = ((position + 0.5) * small) / full - 0.5;
      const clamped = Math.min(Math.max(center, 0), small - 1);
      const lower = Math.min(Math.trunc(clamped), Math.max(small - 2, 0));
      this.lower[position] = lower;
      this.weight[position] = clamped - lower;
    }
  }
}

/** Two neighboring rows of the small coefficients, interpolated to the full width. */
export class UpsampledRows {
  /** The coefficients of the current small row, full width * 3 values. */
  readonly upper: Float32Array;

  /** The row below minus `upper`. */
  readonly step: Float32Array;

  private row = -1;

  /**
   * @param small the coefficients.
   * @param columnPositions maps the full-size columns to the small ones.
   */
  constructor(
    private readonly small: RgbImage,
    private readonly columnPositions: Positions,
  ) {
    this.upper = new Float32Array(columnPositions.weight.length * CHANNELS);
    this.step = new Float32Array(this.upper.length);
  }

  /** Computes `upper` and `step` for a small row. */
  moveTo(row: number): void {
    if (row === this.row) return;
    this.row = row;
    this.upsample(row, this.upper);
    this.upsample(Math.min(row + 1, this.small.height - 1), this.step);
    for (let index = 0; index < this.step.length; index++) this.step[index] -= this.upper[index];
  }

  private upsample(row: number, target: Float32Array): void {
    const {values, width} = this.small;
    const {lower, weight} = this.columnPositions;
    for (let column = 0; column < weight.length; column++) {
      const left = this.small.position(row, lower[column]);
      const right = this.small.position(row, Math.min(lower[column] + 1, width - 1));
      for (let channel = 0; channel < CHANNELS; channel++) {
        const first = values[left + channel];
        target[column * CHANNELS + channel] = first + (values[right + channel] - first) * weight[column];
      }
    }
  }
}
