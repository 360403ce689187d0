import {RgbImage} from './rgbImage.js';
import {Plane} from './smoothing.js';

/**
 * Describes how the small copy of a photograph lies in the image that the network receives. Matches
 * `keras_f2a.correction.working_copy` in the Python package.
 *
 * The copy keeps the photograph's aspect ratio and is never enlarged. The rest of the frame is
 * filled with the copy's mirror image on all sides. If the orientation of the photograph differs
 * from the frame's, the copy is rotated by 90 degrees counterclockwise to fit. That way the network
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
    /** Whether the copy is rotated in the frame. */
    readonly isRotated: boolean,
  ) {
    this.rowsInFrame = isRotated ? width : height;
    this.columnsInFrame = isRotated ? height : width;
    this.top = Math.floor((frameHeight - this.rowsInFrame) / 2);
    this.left = Math.floor((frameWidth - this.columnsInFrame) / 2);
  }

  /**
   * Plans the copy of a photograph of `height` x `width` for a network with a fixed input size.
   *
   * @param upright whether the copy must not be rotated, because left and right matter.
   */
  static of(
    height: number,
    width: number,
    frameHeight: number,
    frameWidth: number,
    upright = false,
  ): WorkingCopy {
    const isRotated = !upright && (height - width) * (frameHeight - frameWidth) < 0;
    const availableHeight = isRotated ? frameWidth : frameHeight;
    const availableWidth = isRotated ? frameHeight : frameWidth;
    const scale = Math.min(availableHeight / height, availableWidth / width, 1);
    return new WorkingCopy(
      scaleSide(height, scale),
      scaleSide(width, scale),
      frameHeight,
      frameWidth,
      isRotated,
    );
  }

  /** Places the copy in the network's input and fills the rest with its mirror image. */
  placeInFrame(copy: RgbImage): RgbImage {
    const frame = new RgbImage(this.frameHeight, this.frameWidth);
    for (let frameRow = 0; frameRow < this.frameHeight; frameRow++) {
      const row = mirror(frameRow - this.top, this.rowsInFrame);
      for (let frameColumn = 0; frameColumn < this.frameWidth; frameColumn++) {
        const column = mirror(frameColumn - this.left, this.columnsInFrame);
        if (this.isRotated) {
          frame.copyPixel(frameRow, frameColumn, copy, column, this.width - 1 - row);
        } else {
          frame.copyPixel(frameRow, frameColumn, copy, row, column);
        }
      }
    }
    return frame;
  }

  /** Crops the copy's part from the network's output and rotates it back upright. */
  cropFromFrame(frame: RgbImage): RgbImage {
    const copy = new RgbImage(this.height, this.width);
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        const frameRow = this.top + (this.isRotated ? this.width - 1 - column : row);
        const frameColumn = this.left + (this.isRotated ? row : column);
        copy.copyPixel(row, column, frame, frameRow, frameColumn);
      }
    }
    return copy;
  }

  /**
   * Crops the copy's part from one value per pixel of a frame in which the copy is not rotated.
   *
   * @param values the values, row by row.
   * @param columns length of each row: the frame's width, or a little more.
   */
  cropPlaneFromFrame(values: Float32Array, columns: number): Plane {
    const plane = new Plane(this.height, this.width);
    for (let row = 0; row < this.height; row++) {
      const start = (this.top + row) * columns + this.left;
      plane.values.set(values.subarray(start, start + this.width), row * this.width);
    }
    return plane;
  }
}

function scaleSide(side: number, scale: number): number {
  return Math.max(roundHalfToEven(side * scale), 1);
}

/** Rounds half to even, as Python does. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Reflects a position outside [0, size - 1] into the range, repeating the edge pixel. */
function mirror(position: number, size: number): number {
  const period = 2 * size;
  const inPeriod = ((position % period) + period) % period;
  return inPeriod < size ? inPeriod : period - 1 - inPeriod;
}
