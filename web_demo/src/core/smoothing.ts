/** One number for every pixel of a small image, row by row. */
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
 * Returns the mean over `2 * reach + 1` pixels, three times down and three times across, with edge
 * pixels repeated outside the plane.
 */
export function smooth(plane: Plane, reach: number): Plane {
  let result = plane;
  for (let direction = 0; direction < 2; direction++) {
    for (let repeat = 0; repeat < 3; repeat++) result = boxMean(result, reach);
    result = transposed(result);
  }
  return result;
}

/** The mean over the rows above and below, by sums from the top on, as the Python package has it. */
function boxMean({height, width, values}: Plane, reach: number): Plane {
  const rows = height + 2 * reach + 1;
  const sums = new Float64Array(rows * width);
  sums.set(values.subarray(0, width));
  for (let row = 1; row < rows; row++) {
    const from = Math.min(Math.max(row - reach - 1, 0), height - 1) * width;
    const at = row * width;
    for (let column = 0; column < width; column++) {
      sums[at + column] = sums[at - width + column] + values[from + column];
    }
  }
  const window = 2 * reach + 1;
  const result = new Plane(height, width);
  for (let index = 0; index < values.length; index++) {
    result.values[index] = (sums[index + window * width] - sums[index]) / window;
  }
  return result;
}

function transposed({height, width, values}: Plane): Plane {
  const result = new Plane(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      result.values[column * height + row] = values[row * width + column];
    }
  }
  return result;
}
