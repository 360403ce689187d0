import {CHANNELS, RgbImage} from './rgbImage.js';

/** A face in an image, in pixels from the top left corner. */
export interface Face {
  /** Column of the box's center. */
  readonly centerX: number;
  /** Row of the box's center. */
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Column and row of each eye, the left one in the image first. */
  readonly eyes: readonly (readonly [number, number])[];
}

/** Finds faces. */
export interface FaceFinder {
  /** Returns the faces in a small photograph, in its pixels, by decreasing confidence. */
  find(image: RgbImage): Promise<Face[]>;
}

/** The face detector's network. */
export interface FaceNetwork {
  /**
   * @param image RGB in [-1, 1], interleaved, 128 x 128 pixels.
   * @return 896 times 16 numbers, and 896 scores before the logistic function.
   */
  run(image: Float32Array): Promise<{readonly points: Float32Array; readonly scores: Float32Array}>;
}

/** Finds faces with BlazeFace, as `keras_f2a.correction.faces` in the Python package describes. */
export class BlazeFace implements FaceFinder {
  constructor(private readonly network: FaceNetwork) {}

  async find(image: RgbImage): Promise<Face[]> {
    const {points, scores} = await this.network.run(framed(image));
    return foundFaces(points, scores, image.height, image.width);
  }
}

/**
 * Decodes the detector's outputs: steps 2 to 4.
 *
 * @param points 896 times 16 numbers.
 * @param scores 896 scores, before the logistic function.
 * @param height rows of the image.
 * @param width columns of the image.
 */
export function foundFaces(
  points: Float32Array,
  scores: Float32Array,
  height: number,
  width: number,
): Face[] {
  const least = Math.log(CERTAIN / (1 - CERTAIN));
  const sure = [...scores.keys()]
    .filter((index) => scores[index] >= least)
    .sort((first, second) => scores[second] - scores[first]);
  const kept: Box[] = [];
  for (const index of sure) {
    const box = boxAt(points, index);
    if (kept.every((other) => overlap(box, other) <= LARGEST_OVERLAP)) kept.push(box);
  }
  return kept.map((box) => faceOf(box, height, width));
}

/** Pads the image to a square with black and shrinks it to 128 x 128 pixels in [-1, 1]: step 1. */
export function framed(image: RgbImage): Float32Array {
  const side = Math.max(image.height, image.width);
  const down = new Coverage(image.height, Math.floor((side - image.height) / 2), side);
  const across = new Coverage(image.width, Math.floor((side - image.width) / 2), side);
  const length = image.width * CHANNELS;
  const row = new Float64Array(length);
  const small = new Float32Array(SIDE * SIDE * CHANNELS);
  for (let smallRow = 0, at = 0; smallRow < SIDE; smallRow++) {
    row.fill(0);
    down.each(smallRow, (position, part) => {
      const start = position * length;
      for (let index = 0; index < length; index++) row[index] += part * image.values[start + index];
    });
    for (let smallColumn = 0; smallColumn < SIDE; smallColumn++) {
      for (let channel = 0; channel < CHANNELS; channel++, at++) {
        let sum = 0;
        across.each(smallColumn, (position, part) => {
          sum += part * row[position * CHANNELS + channel];
        });
        small[at] = 2 * sum - 1;
      }
    }
  }
  return small;
}

/**
 * How much each of `size` positions, with `before` in front of them, fills each of 128 small
 * pixels.
 */
class Coverage {
  constructor(
    private readonly size: number,
    private readonly before: number,
    private readonly side: number,
  ) {}

  /**
   * Passes `take` each position that a small pixel covers, and the fraction of the pixel it fills.
   */
  each(small: number, take: (position: number, part: number) => void): void {
    const lower = (small * this.side) / SIDE;
    const upper = ((small + 1) * this.side) / SIDE;
    const first = Math.max(Math.floor(lower) - this.before, 0);
    const end = Math.min(Math.ceil(upper) - this.before, this.size);
    for (let position = first; position < end; position++) {
      const start = position + this.before;
      const covered = Math.min(upper, start + 1) - Math.max(lower, start);
      take(position, covered * (SIDE / this.side));
    }
  }
}

/** A box and the eyes in it, as fractions of the square's side. */
interface Box {
  readonly center: Pair;
  readonly size: Pair;
  readonly eyes: readonly Pair[];
}

type Pair = readonly [number, number];

function boxAt(points: Float32Array, index: number): Box {
  const center = cellCenter(index);
  const pair = (number: number): Pair => {
    const at = index * NUMBERS + 2 * number;
    return [points[at] / SIDE, points[at + 1] / SIDE];
  };
  const inCell = (number: number): Pair => {
    const [x, y] = pair(number);
    return [x + center[0], y + center[1]];
  };
  return {center: inCell(0), size: pair(1), eyes: [inCell(2), inCell(3)]};
}

/** Returns the center of an output's cell, as fractions of the square's side. */
function cellCenter(index: number): Pair {
  let before = 0;
  for (const [cells, times] of GRIDS) {
    const cell = Math.floor((index - before) / times);
    if (cell < cells * cells)
      return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
    before += cells * cells * times;
  }
  throw new RangeError(`there is no output ${index}`);
}

/** Returns the intersection over union of two boxes. */
function overlap(first: Box, second: Box): number {
  const [across, down] = [0, 1].map((axis) => {
    const upper = Math.min(
      first.center[axis] + first.size[axis] / 2,
      second.center[axis] + second.size[axis] / 2,
    );
    const lower = Math.max(
      first.center[axis] - first.size[axis] / 2,
      second.center[axis] - second.size[axis] / 2,
    );
    return Math.max(upper - lower, 0);
  });
  const shared = across * down;
  const union = first.size[0] * first.size[1] + second.size[0] * second.size[1] - shared;
  return union > 0 ? shared / union : 0;
}

function faceOf({center, size, eyes}: Box, height: number, width: number): Face {
  const side = Math.max(height, width);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const inImage = ([x, y]: Pair): Pair => [inEighths(x * side - left), inEighths(y * side - top)];
  const [centerX, centerY] = inImage(center);
  return {
    centerX,
    centerY,
    width: inEighths(size[0] * side),
    height: inEighths(size[1] * side),
    eyes: eyes.map(inImage),
  };
}

/** Rounds to the nearest eighth, half up. */
function inEighths(value: number): number {
  return Math.floor(value * 8 + 0.5) / 8;
}

const CERTAIN = 0.8;
const SIDE = 128;
const NUMBERS = 16;
const LARGEST_OVERLAP = 0.3;
/** Cells per side of each grid, and outputs per cell. */
const GRIDS = [
  [16, 2],
  [8, 6],
] as const;
