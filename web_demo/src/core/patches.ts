/** Connected pixels of a mask, joined by their sides: their number, center and extent. */
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
 * Returns the largest patch of a mask that fits, or null. Among equally large ones, the first in
 * row order wins.
 *
 * @param mask 1 where a pixel belongs to a patch, else 0; it is overwritten.
 * @param width number of columns of the mask.
 * @param fits whether a patch qualifies.
 */
export function largestPatch(mask: Uint8Array, width: number, fits: (patch: Patch) => boolean): Patch | null {
  let largest: Patch | null = null;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0) continue;
    const patch = removePatch(mask, width, start);
    if (patch.area > (largest?.area ?? 0) && fits(patch)) largest = patch;
  }
  return largest;
}

/** Removes the patch of a pixel from the mask and returns it. */
function removePatch(mask: Uint8Array, width: number, start: number): Patch {
  const pixels = [start];
  mask[start] = 0;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let sumX = 0;
  let sumY = 0;
  const visit = (index: number) => {
    if (mask[index] !== 1) return; // Also undefined, beyond the first or last row.
    mask[index] = 0;
    pixels.push(index);
  };
  for (const index of pixels) {
    // The list grows during the loop.
    const column = index % width;
    const row = Math.floor(index / width);
    sumX += column;
    sumY += row;
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    visit(index - width);
    visit(index + width);
    if (column > 0) visit(index - 1);
    if (column < width - 1) visit(index + 1);
  }
  const area = pixels.length;
  return {area, centerX: sumX / area, centerY: sumY / area, left, right, top, bottom};
}
