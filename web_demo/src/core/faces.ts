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
    const {points, scores} = await this.network.run(padAndResize(image));
    return decodeFaces(points, scores, image.height, image.width);
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
export function decodeFaces(
  points: Float32Array,
  scores: Float32Array,
  height: number,
  width: number,
): Face[] {
  const minScore = Math.log(MIN_CONFIDENCE / (1 - MIN_CONFIDENCE));
  const candidates = [...scores.keys()]
    .filter((index) => scores[index] >= minScore)
    .sort((first, second) => scores[second] - scores[first]);
  const kept: Box[] = [];
  for (const index of candidates) {
    const box = decodeBox(points, index);
    if (kept.every((other) => intersectionOverUnion(box, other) <= LARGEST_OVERLAP)) kept.push(box);
  }
  return kept.map((box) => toFace(box, height, width));
}

/** Pads the image to a square with black and shrinks it to 128 x 128 pixels in [-1, 1]: step 1. */
export function padAndResize(image: RgbImage): Float32Array {
  const side = Math.max(image.height, image.width);
  const rowCoverage = new Coverage(image.height, Math.floor((side - image.height) / 2), side);
  const columnCoverage = new Coverage(image.width, Math.floor((side - image.width) / 2), side);
  const length = image.width * CHANNELS;
  const row = new Float64Array(length);
  const small = new Float32Array(SIDE * SIDE * CHANNELS);
  for (let smallRow = 0, offset = 0; smallRow < SIDE; smallRow++) {
    row.fill(0);
    rowCoverage.forEachCovered(smallRow, (position, part) => {
      const start = position * length;
      for (let index = 0; index < length; index++) row[index] += part * image.values[start + index];
    });
    for (let smallColumn = 0; smallColumn < SIDE; smallColumn++) {
      for (let channel = 0; channel < CHANNELS; channel++, offset++) {
        let sum = 0;
        columnCoverage.forEachCovered(smallColumn, (position, part) => {
          sum += part * row[position * CHANNELS + channel];
        });
        small[offset] = 2 * sum - 1;
      }
    }
  }
  return small;
}

/**
 * How much each of `size` positions, with `padding` in front of them, fills each of 128 small
 * pixels.
 */
class Coverage {
  constructor(
    private readonly size: number,
    private readonly padding: number,
    private readonly side: number,
  ) {}

  /**
   * Passes `visit` each position that a small pixel covers, and the fraction of the pixel it fills.
   */
  forEachCovered(smallPosition: number, visit: (position: number, part: number) => void): void {
    const lower = (smallPosition * this.side) / SIDE;
    const upper = ((smallPosition + 1) * this.side) / SIDE;
    const first = Math.max(Math.floor(lower) - this.padding, 0);
    const end = Math.min(Math.ceil(upper) - this.padding, this.size);
    for (let position = first; position < end; position++) {
      const start = position + this.padding;
      const covered = Math.min(upper, start + 1) - Math.max(lower, start);
      visit(position, covered * (SIDE / this.side));
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

function decodeBox(points: Float32Array, index: number): Box {
  const center = cellCenter(index);
  const readPair = (pairIndex: number): Pair => {
    const offset = index * VALUES_PER_CANDIDATE + 2 * pairIndex;
    return [points[offset] / SIDE, points[offset + 1] / SIDE];
  };
  const readPoint = (pairIndex: number): Pair => {
    const [x, y] = readPair(pairIndex);
    return [x + center[0], y + center[1]];
  };
  return {center: readPoint(0), size: readPair(1), eyes: [readPoint(2), readPoint(3)]};
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
function intersectionOverUnion(first: Box, second: Box): number {
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

function toFace({center, size, eyes}: Box, height: number, width: number): Face {
  const side = Math.max(height, width);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const toImagePixels = ([x, y]: Pair): Pair => [
    roundToEighth(x * side - left),
    roundToEighth(y * side - top),
  ];
  const [centerX, centerY] = toImagePixels(center);
  return {
    centerX,
    centerY,
    width: roundToEighth(size[0] * side),
    height: roundToEighth(size[1] * side),
    eyes: eyes.map(toImagePixels),
  };
}

/** Rounds to the nearest eighth, half up. */
function roundToEighth(value: number): number {
  return Math.floor(value * 8 + 0.5) / 8;
}

const MIN_CONFIDENCE = 0.8;
const SIDE = 128;
const VALUES_PER_CANDIDATE = 16;
const LARGEST_OVERLAP = 0.3;
/** Cells per side of each grid, and outputs per cell. */
const GRIDS = [
  [16, 2],
  [8, 6],
] as const;
