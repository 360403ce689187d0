import type {Direction} from './describedLights.js';

/**
 * The position of a dot on a photograph, as fractions of its width and height from the top left.
 */
export interface Dot {
  readonly across: number;
  readonly down: number;
}

/**
 * Returns the light of a dot as a text for `parseLightMixture`. Matches
 * `keras_f2a.data.dragged_light` in the Python package. A dot outside the photograph counts as on its edge.
 */
export function lightAt({across, down}: Dot): string {
  const azimuth = LEFT + clampToUnit(across) * (RIGHT - LEFT);
  const elevation = TOP + clampToUnit(down) * (BOTTOM - TOP);
  return `${Math.floor(azimuth + 0.5)},${Math.floor(elevation + 0.5)},${SIZE}`;
}

/** Returns the dot of a light. A light beyond the photograph's edges has its dot on the edge. */
export function dotOf({azimuth, elevation}: Direction): Dot {
  return {
    across: clampToUnit((azimuth - LEFT) / (RIGHT - LEFT)),
    down: clampToUnit((elevation - TOP) / (BOTTOM - TOP)),
  };
}

function clampToUnit(position: number): number {
  return Math.min(Math.max(position, 0), 1);
}

/** The size of a lamp with a large shade. */
const SIZE = 0.2;
const LEFT = -90;
const RIGHT = 90;
const TOP = 60;
const BOTTOM = -30;
