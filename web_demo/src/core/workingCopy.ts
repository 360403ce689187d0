import {RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';

/**
 * How the small copy of a photograph is laid into the image that the network receives; the same as
 * `keras_f2a.correction.working_copy` of the Python package.
 *
 * The copy keeps the photograph's aspect ratio and is never an enlargement. What the frame has more
 * than the copy is filled by the copy's mirror image on all sides. A photograph of the other
 * orientation than the frame is turned by a quarter turn, counterclockwise, into it: so the network
 * sees the scene at the scale it was trained at.
 */
export class WorkingCopy {
  private readonly rowsInFrame: number;
  private readonly columnsInFrame: number;
  private readonly top: number;
  private readonly left: number;

  private constructor(
    /** Rows of the copy. */
    readonly height: number,
    /** Columns of the copy. */
    readonly width: number,
    /** Rows of the network's input. */
    readonly frameHeight: number,
    /** Columns of the network's input. */
    readonly frameWidth: number,
    /** Whether the copy is turned into the frame. */
    readonly turned: boolean,
  ) {
    this.rowsInFrame = turned ? width : height;
    this.columnsInFrame = turned ? height : width;
    this.top = Math.floor((frameHeight - this.rowsInFrame) / 2);
    this.left = Math.floor((frameWidth - this.columnsInFrame) / 2);
  }

  /**
   * Plans the copy of a photograph of `height` x `width` for a network that takes one size only.
   *
   * @param upright whether the copy must not be turned, because left and right matter.
   */
  static of(
    height: number,
    width: number,
    frameHeight: number,
    frameWidth: number,
    upright = false,
  ): WorkingCopy {
    const turned = !upright && (height - width) * (frameHeight - frameWidth) < 0;
    const roomHeight = turned ? frameWidth : frameHeight;
    const roomWidth = turned ? frameHeight : frameWidth;
    const scale = Math.min(roomHeight / height, roomWidth / width, 1);
    return new WorkingCopy(scaled(height, scale), scaled(width, scale), frameHeight, frameWidth, turned);
  }

  /** Lays the copy into the network's input and fills the rest with its mirror image. */
  intoFrame(copy: RgbImage): RgbImage {
    const frame = new RgbImage(this.frameHeight, this.frameWidth);
    for (let frameRow = 0; frameRow < this.frameHeight; frameRow++) {
      const row = mirrored(frameRow - this.top, this.rowsInFrame);
      for (let frameColumn = 0; frameColumn < this.frameWidth; frameColumn++) {
        const column = mirrored(frameColumn - this.left, this.columnsInFrame);
        if (this.turned) {
          frame.copyPixel(frameRow, frameColumn, copy, column, this.width - 1 - row);
        } else {
          frame.copyPixel(frameRow, frameColumn, copy, row, column);
        }
      }
    }
    return frame;
  }

  /** Cuts the copy's part, upright again, out of the network's output. */
  outOfFrame(frame: RgbImage): RgbImage {
    const copy = new RgbImage(this.height, this.width);
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        const frameRow = this.top + (this.turned ? this.width - 1 - column : row);
        const frameColumn = this.left + (this.turned ? row : column);
        copy.copyPixel(row, column, frame, frameRow, frameColumn);
      }
    }
    return copy;
  }

  /**
   * Cuts the copy's part out of one number for each pixel of a frame; the copy is not turned in it.
   *
   * @param values the numbers, row by row.
   * @param columns of each row; the frame's, or a few more.
   */
  planeOutOfFrame(values: Float32Array, columns: number): Plane {
    const plane = new Plane(this.height, this.width);
    for (let row = 0; row < this.height; row++) {
      const start = (this.top + row) * columns + this.left;
      plane.values.set(values.subarray(start, start + this.width), row * this.width);
    }
    return plane;
  }
}

function scaled(side: number, scale: number): number {
  return Math.max(roundedHalfToEven(side * scale), 1);
}

/** Rounds as Python does. */
function roundedHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Where a position outside [0, size - 1] has its mirror image, the edge pixel repeated. */
function mirrored(position: number, size: number): number {
  const period = 2 * size;
  const inPeriod = ((position % period) + period) % period;
  return inPeriod < size ? inPeriod : period - 1 - inPeriod;
}
