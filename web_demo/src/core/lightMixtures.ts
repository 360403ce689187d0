import {
  AUTO,
  checkBetween,
  type Direction,
  isLightName,
  NAMED,
  numberOf,
  numbersOf,
  parsed,
  radians,
} from './describedLights.js';
import {HIGHEST, LOWEST} from './colorTemperature.js';

/** One light of a mixture. */
export interface MixedLight {
  readonly direction: Direction;
  /** Fraction of the mixture's brightness; the shares of all lights sum to 1. */
  readonly share: number;
  /** In kelvins; null for the flash's own color. */
  readonly temperature: number | null;
}

/** Lights that illuminate a scene together. */
export class LightMixture {
  /**
   * @param lights one or more.
   * @param isAuto whether the text names `auto` alone, in any color, and so no particular light.
   */
  constructor(
    readonly lights: readonly MixedLight[],
    readonly isAuto: boolean,
  ) {}

  /** The numbers that describe each light to a network. */
  get numbers(): Float32Array[] {
    return this.lights.map(({direction}) => numbersOf(direction));
  }

  /** The mean side of the light, from -1, the left, to 1, the right; 0 is equal from both sides. */
  get rightward(): number {
    return this.lights.reduce((sum, {direction, share}) => sum + share * rightwardOf(direction), 0);
  }
}

/**
 * Parses lights written as `LIGHT[*WEIGHT][@KELVIN]`, joined by `+`. The syntax is described in
 * `keras_f2a.data.light_mixtures` of the Python package.
 *
 * @throws RangeError if there is no such light, there are too many, or a number is out of range.
 */
export function lightMixture(text: string): LightMixture {
  if (text.length > LONGEST) throw new RangeError(`write at most ${LONGEST} characters`);
  const parts = partsOf(text);
  if (parts.length > MOST_LIGHTS) throw new RangeError(`name at most ${MOST_LIGHTS} lights`);
  const found = parts.flatMap(lightsOf);
  const total = found.reduce((sum, {share}) => sum + share, 0);
  const lights = found.map((light) => ({...light, share: light.share / total}));
  return new LightMixture(lights, parts.length === 1 && parts[0].split(/[*@]/)[0] === AUTO_NAME);
}

function partsOf(text: string): string[] {
  const joined = text.trim().replace(/\s*([,*@+])\s*/g, '$1');
  return joined.split(BETWEEN);
}

/** Returns the lights of one part of a text, with the weights as shares. */
function lightsOf(text: string): MixedLight[] {
  const match = ONE.exec(text);
  if (!match) throw new RangeError('write each light as LIGHT, LIGHT*WEIGHT, LIGHT@KELVIN or both');
  const [, name, weightText, kelvinText] = match;
  const weight = limitedNumber(weightText, 'weight', 0.01, LARGEST_WEIGHT) ?? 1;
  const temperature = limitedNumber(kelvinText, 'color temperature', LOWEST, HIGHEST);
  if (name === AUTO_NAME) {
    return AUTO.map((one) => ({direction: NAMED[one], share: weight / AUTO.length, temperature}));
  }
  const direction = isLightName(name) ? NAMED[name] : parsed(name);
  return [{direction, share: weight, temperature}];
}

function limitedNumber(text: string | undefined, name: string, low: number, high: number): number | null {
  if (text === undefined) return null;
  const number = numberOf(text) ?? NaN;
  checkBetween(name, number, low, high);
  return number;
}

function rightwardOf({azimuth, elevation}: Direction): number {
  return Math.sin(radians(azimuth)) * Math.cos(radians(elevation));
}

const AUTO_NAME = 'auto';
/** The most lights that a text may name. */
const MOST_LIGHTS = 8;
const LARGEST_WEIGHT = 10;
const LONGEST = 400; // characters
/** A plus that is not the sign of a number, or white space. */
const BETWEEN = /(?<![+,*@])(?<!^)(?<!\d[eE])\+|\s+/;
const ONE = /^([^*@]*)(?:\*([^*@]*))?(?:@([^*@]*))?$/;
