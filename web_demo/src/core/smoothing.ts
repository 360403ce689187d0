/** One number per pixel of a small image, in row order. */
export class Plane {
  constructor(
    readonly height: number,
    readonly width: number,
    readonly values: Float64Array = new Float64Array(height * width),
  ) {}

  /** The mean of all values. */
  get mean(): number {
    let sum = 0;
    for (const value of this.values) sum += value;
    return sum / this.values.length;
  }

  /** The standard deviation of all values. */
  get deviation(): number {
    const {mean} = this;
    let squares = 0;
    for (const value of this.values) squares += (value - mean) * (value - mean);
    return Math.sqrt(squares / this.values.length);
  }
}

/**
 * Returns the mean over `2 * reach + 1` pixels, applied three times down and three times across.
 * Edge pixels are repeated outside the plane.
 */
export function smooth(plane: Plane, reach: number): Plane {
  let result = plane;
  for (let direction = 0; direction < 2; direction++) {
    for (let repeat = 0; repeat < 3; repeat++) result = boxMean(result, reach);
    result = transpose(result);
  }
  return result;
}

/** Returns the mean over the rows above and below. */
function boxMean({height, width, values}: Plane, reach: number): Plane {
  const result = new Plane(height, width);
  const sums = new Float64Array(width);
  for (let row = -reach; row <= reach; row++) {
    const from = clampRow(row, height) * width;
    for (let column = 0; column < width; column++) sums[column] += values[from + column];
  }
  const window = 2 * reach + 1;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const leaving = clampRow(row - reach, height) * width;
    const entering = clampRow(row + reach + 1, height) * width;
    for (let column = 0; column < width; column++) {
      result.values[start + column] = sums[column] / window;
      sums[column] += values[entering + column] - values[leaving + column];
    }
  }
  return result;
}

/** Clamps the row to the image. */
function clampRow(row: number, height: number): number {
  return Math.min(Math.max(row, 0), height - 1);
}

function transpose({height, width, values}: Plane): Plane {
  const result = new Plane(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      result.values[column * height + row] = values[row * width + column];
    }
  }
  return result;
}
