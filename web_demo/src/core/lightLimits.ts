/**
 * Limits of a light's effect: the numbers of steps 1, 3, 5, 6 and 8 of
 * `keras_f2a.correction.lights`.
 */
export interface Limits {
  readonly blur: number;
  readonly networkShare: number;
  readonly radialShare: number;
  readonly lift: number;
  readonly darken: number;
  readonly liftWithFaces: number;
  readonly darkenWithFaces: number;
  readonly darkest: number;
  readonly brightest: number;
  readonly spareClose: number;
}

/** For equal light from both sides. */
const EVEN_LIGHT: Limits = {
  blur: 0.036,
  networkShare: 1.2,
  radialShare: 2.25,
  lift: 1.2,
  darken: 0.25,
  liftWithFaces: 0.8,
  darkenWithFaces: 0,
  darkest: -0.5,
  brightest: 1.1,
  spareClose: 1,
};

/** For light from one side, which is visible only if the other side gets darker. */
const SIDE_LIGHT: Limits = {
  blur: 0.012,
  networkShare: 1.8,
  radialShare: 1.2,
  lift: 1.1,
  darken: 0.6,
  liftWithFaces: 0.8,
  darkenWithFaces: 0.15,
  darkest: -0.7,
  brightest: 1,
  spareClose: 0.5,
};

/**
 * Returns the limits of light from a side. Matches `keras_f2a.correction.light_limits` in the
 * Python package.
 *
 * @param rightward from -1, the left, to 1, the right; 0 is equal light from both sides.
 */
export function limitsOf(rightward: number): Limits {
  const sideShare = linearStep(Math.abs(rightward), NO_SIDE, CLEAR_SIDE);
  const interpolate = (name: keyof Limits) =>
    (1 - sideShare) * EVEN_LIGHT[name] + sideShare * SIDE_LIGHT[name];
  return {
    blur: interpolate('blur'),
    networkShare: interpolate('networkShare'),
    radialShare: interpolate('radialShare'),
    lift: interpolate('lift'),
    darken: interpolate('darken'),
    liftWithFaces: interpolate('liftWithFaces'),
    darkenWithFaces: interpolate('darkenWithFaces'),
    darkest: interpolate('darkest'),
    brightest: interpolate('brightest'),
    spareClose: interpolate('spareClose'),
  };
}

/**
 * Returns 0 at `start` and below, 1 at `end` and above, and interpolates linearly between them.
 */
export function linearStep(value: number, start: number, end: number): number {
  return Math.min(Math.max((value - start) / (end - start), 0), 1);
}

const NO_SIDE = 0.2;
const CLEAR_SIDE = 0.6;
