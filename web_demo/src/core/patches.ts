/** Pixels of a mask that touch by their sides: their number, center and outermost ones. */
export interface Patch {
  readonly area: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Returns the largest patch of a mask that fits, of equal ones the first row by row; null for none.
 *
 * @param mask 1 where a pixel belongs to a patch, else 0; its values are lost.
 * @param width its columns.
 * @param fits whether a patch is one that is looked for.
 */
export function largestPatch(mask: Uint8Array, width: number, fits: (patch: Patch) => boolean): Patch | null {
  let largest: Patch | null = null;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0) continue;
    const patch = taken(mask, width, start);
    if (patch.area > (largest?.area ?? 0) && fits(patch)) largest = patch;
  }
  return largest;
}

/** Takes the patch of a pixel out of the mask. */
function taken(mask: Uint8Array, width: number, start: number): Patch {
  const pixels = [start];
  mask[start] = 0;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let sumX = 0;
  let sumY = 0;
  const take = (index: number) => {
    if (mask[index] !== 1) return; // Also beyond the first and the last row.
    mask[index] = 0;
    pixels.push(index);
  };
  for (const index of pixels) {
    // It grows meanwhile.
    const column = index % width;
    const row = Math.floor(index / width);
    sumX += column;
    sumY += row;
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    take(index - width);
    take(index + width);
    if (column > 0) take(index - 1);
    if (column < width - 1) take(index + 1);
  }
  const area = pixels.length;
  return {area, centerX: sumX / area, centerY: sumY / area, left, right, top, bottom};
}
