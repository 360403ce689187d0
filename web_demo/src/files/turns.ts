/** Where a rectangle lies in a picture, in pixels or as shares of its sides. */
export type Rectangle = readonly [left: number, top: number, width: number, height: number];

/** Returns whether making a picture of an EXIF orientation upright makes columns of rows. */
export function swapsAxes(orientation: number): boolean {
  return orientation > 4;
}

/**
 * Returns where a rectangle lies once a picture is upright. The same as `keras_f2a.imaging.turns` of
 * the Python package.
 *
 * @param rectangle the rectangle in the picture as it is stored.
 * @param orientation of the stored picture, 1 to 8 as in EXIF.
 * @param columns width of the stored picture in the rectangle's unit.
 * @param rows its height.
 */
export function rotateRectangle(rectangle: Rectangle, orientation: number, columns = 1, rows = 1): Rectangle {
  const [mirrorsX, mirrorsY] = MIRRORS[orientation - 1];
  const swaps = swapsAxes(orientation);
  const [left, top, width, height] = swaps
    ? [rectangle[1], rectangle[0], rectangle[3], rectangle[2]]
    : rectangle;
  const [across, down] = swaps ? [rows, columns] : [columns, rows];
  return [mirrorsX ? across - left - width : left, mirrorsY ? down - top - height : top, width, height];
}

/**
 * Returns where the subject of an EXIF block lies in the upright picture.
 *
 * @param numbers its center in pixels of the stored picture; behind it may stand the diameter of a
 *   circle, or the width and height of a rectangle. Others are returned as they are.
 * @param orientation of the stored picture, 1 to 8 as in EXIF.
 * @param width columns of the upright picture.
 * @param height rows of the upright picture.
 */
export function rotateSubjectArea(
  numbers: number[],
  orientation: number,
  width: number,
  height: number,
): number[] {
  if (numbers.length < 2 || numbers.length > 4) return numbers;
  const [x, y, ...extent] = numbers;
  const swaps = swapsAxes(orientation);
  const [columns, rows] = swaps ? [height, width] : [width, height];
  const [left, top] = rotateRectangle([x, y, 1, 1], orientation, columns, rows);
  return [Math.max(0, left), Math.max(0, top), ...(swaps ? extent.reverse() : extent)];
}

/** Which axes are mirrored, after columns were made of rows from the fifth on; by EXIF orientation. */
const MIRRORS = [
  [false, false],
  [true, false],
  [true, true],
  [false, true],
  [false, false],
  [true, false],
  [true, true],
  [false, true],
] as const;
