import type {Face} from './faces.js';
import {PIXEL_BYTES, type PixelSource, STRIP_ROWS} from './pixels.js';
import {largestPatch, type Patch} from './patches.js';

/** A window of a full-size photograph in which a red eye was darkened. */
export interface Repair {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, `width * height * 4` bytes. */
  readonly bytes: Uint8ClampedArray;
}

/** A photograph with its repairs applied. */
export class RepairedPixels implements PixelSource {
  readonly width: number;
  readonly height: number;

  constructor(
    private readonly photo: PixelSource,
    private readonly repairs: readonly Repair[],
  ) {
    this.width = photo.width;
    this.height = photo.height;
  }

  read(top: number, rows: number): Uint8ClampedArray {
    const strip = this.photo.read(top, rows);
    const touching = this.repairs.filter(
      (repair) => repair.top < top + rows && repair.top + repair.height > top,
    );
    if (touching.length === 0) return strip;
    const repaired = strip.slice(); // Copied, because the strip may be the photograph's own memory.
    for (const repair of touching) {
      const end = Math.min(repair.top + repair.height, top + rows);
      for (let row = Math.max(repair.top, top); row < end; row++) {
        const length = repair.width * PIXEL_BYTES;
        const start = (row - repair.top) * length;
        repaired.set(
          repair.bytes.subarray(start, start + length),
          ((row - top) * this.width + repair.left) * PIXEL_BYTES,
        );
      }
    }
    return repaired;
  }
}

/**
 * Repairs the red eyes of a photograph. Matches `keras_f2a.correction.red_eyes` in the Python
 * package.
 *
 * @param photo the full-size photograph, which stays unchanged.
 * @param faces its faces, in pixels of the small copy.
 * @param scale full-size pixels per pixel of the small copy.
 * @return the repairs, for `RepairedPixels`. Where they overlap, a later one includes the earlier
 *   ones.
 */
export function repairRedEyes(photo: PixelSource, faces: readonly Face[], scale: number): Repair[] {
  const repairs: Repair[] = [];
  for (const face of faces) {
    for (const [x, y] of face.eyes) {
      const current = new RepairedPixels(photo, repairs);
      const repair = repairEye(current, face.width * scale, x * scale, y * scale);
      if (repair) repairs.push(repair);
    }
  }
  return repairs;
}

function repairEye(photo: PixelSource, width: number, x: number, y: number): Repair | null {
  const [left, right] = windowRange(x, REACH * width, photo.width);
  const [top, bottom] = windowRange(y, REACH * width, photo.height);
  if (Math.min(right - left, bottom - top) < SMALLEST_WINDOW) return null;
  const window = readWindow(photo, left, top, right - left, bottom - top);
  return repairPupil(window, width, x - left, y - top) ? window : null;
}

function readWindow(photo: PixelSource, left: number, top: number, width: number, height: number): Repair {
  const bytes = new Uint8ClampedArray(width * height * PIXEL_BYTES);
  for (let start = 0; start < height; start += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - start);
    const strip = photo.read(top + start, rows);
    for (let row = 0; row < rows; row++) {
      const from = (row * photo.width + left) * PIXEL_BYTES;
      bytes.set(strip.subarray(from, from + width * PIXEL_BYTES), (start + row) * width * PIXEL_BYTES);
    }
  }
  return {left, top, width, height, bytes};
}

/**
 * Turns a red pupil gray: steps 2 to 5.
 *
 * @param window the pixels around the eye; changed in place.
 * @param faceWidth in pixels of the photograph.
 * @param x column of the eye in the window.
 * @param y row of the eye in the window.
 * @return whether a red pupil was found.
 */
function repairPupil({width, height, bytes}: Repair, faceWidth: number, x: number, y: number): boolean {
  const {redness, others} = measureRedness(bytes);
  const skin = upperMedian(redness);
  const brightness = upperMedian(others);
  if (skin >= 0.4) return false;
  const mask = Uint8Array.from(redness, (value, index) => {
    const isRed =
      value > Math.max(0.28, skin + 0.15) &&
      others[index] < 0.85 * brightness + 0.02 &&
      hasRedHue(bytes, index * PIXEL_BYTES);
    return isRed ? 1 : 0;
  });
  const pupil = largestPatch(mask, width, (patch) => isPupil(patch, width, height, faceWidth, x, y));
  if (!pupil) return false;
  const radius = Math.sqrt(pupil.area / Math.PI);
  for (let index = 0; index < redness.length; index++) {
    const distance = Math.hypot((index % width) - pupil.centerX, Math.floor(index / width) - pupil.centerY);
    const weight =
      clampToUnit((1.8 - distance / radius) / 0.5) *
      clampToUnit((redness[index] - Math.max(0.1, skin)) / 0.15);
    if (weight > 0) blendWithGray(bytes, index * PIXEL_BYTES, weight);
  }
  return true;
}

/** Returns the redness of every pixel, and the larger one of its green and blue. */
function measureRedness(bytes: Uint8ClampedArray): {redness: Float64Array; others: Float64Array} {
  const redness = new Float64Array(bytes.length / PIXEL_BYTES);
  const others = new Float64Array(redness.length);
  for (let index = 0, offset = 0; index < redness.length; index++, offset += PIXEL_BYTES) {
    const red = bytes[offset] / WHITE;
    others[index] = Math.max(bytes[offset + 1], bytes[offset + 2]) / WHITE;
    redness[index] = (red - others[index]) / Math.max(red, 0.05);
  }
  return {redness, others};
}

/** Returns whether the pixel at a byte offset is bright enough and not purple. */
function hasRedHue(bytes: Uint8ClampedArray, offset: number): boolean {
  const red = bytes[offset] / WHITE;
  const green = bytes[offset + 1] / WHITE;
  const blue = bytes[offset + 2] / WHITE;
  return red > 0.25 && green - blue <= 0.15 * (red - green);
}

/** Moves the pixel at a byte offset toward a dark gray. */
function blendWithGray(bytes: Uint8ClampedArray, offset: number, weight: number): void {
  const gray = 0.9 * (Math.min(bytes[offset + 1], bytes[offset + 2]) / WHITE);
  for (let channel = offset; channel < offset + 3; channel++) {
    const value = bytes[channel] / WHITE;
    const blended = Math.fround((value + weight * (gray - value)) * WHITE);
    bytes[channel] = Math.floor(Math.fround(blended + 0.5));
  }
}

/** Checks the conditions of step 4 for a patch of red pixels. */
function isPupil(
  patch: Patch,
  width: number,
  height: number,
  faceWidth: number,
  x: number,
  y: number,
): boolean {
  const breadth = patch.right - patch.left + 1;
  const length = patch.bottom - patch.top + 1;
  return (
    patch.top > 0 &&
    patch.left > 0 &&
    patch.bottom < height - 1 &&
    patch.right < width - 1 &&
    patch.area >= Math.max(6, (0.012 * faceWidth) ** 2) &&
    patch.area <= Math.PI * (0.07 * faceWidth) ** 2 &&
    Math.hypot(patch.centerX + 0.5 - x, patch.centerY + 0.5 - y) <= 0.07 * faceWidth &&
    patch.area >= 0.3 * length * breadth &&
    Math.max(length, breadth) <= 2.6 * Math.min(length, breadth)
  );
}

/** Returns the median, or the upper of the two middle values. */
function upperMedian(values: Float64Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)];
}

/** Returns the first pixel within reach and the one after the last. */
function windowRange(center: number, reach: number, size: number): [number, number] {
  return [Math.max(Math.floor(center - reach + 0.5), 0), Math.min(Math.floor(center + reach + 0.5), size)];
}

function clampToUnit(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

const REACH = 0.17;
const SMALLEST_WINDOW = 5;
const WHITE = 255;
