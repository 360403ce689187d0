import {
  AUTO_LIGHTS,
  checkRange,
  type Direction,
  isLightName,
  NAMED,
  parseNumber,
  describeLight,
  parseDirection,
  toRadians,
} from './describedLights.js';
import {HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE} from './colorTemperature.js';

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
  get descriptors(): Float32Array[] {
    return this.lights.map(({direction}) => describeLight(direction));
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
export function parseLightMixture(text: string): LightMixture {
  if (text.length > MAX_LENGTH) throw new RangeError(`write at most ${MAX_LENGTH} characters`);
  const parts = splitLights(text);
  if (parts.length > MAX_LIGHTS) throw new RangeError(`name at most ${MAX_LIGHTS} lights`);
  const weighted = parts.flatMap(parseLight);
  const total = weighted.reduce((sum, {share}) => sum + share, 0);
  const lights = weighted.map((light) => ({...light, share: light.share / total}));
  return new LightMixture(lights, parts.length === 1 && parts[0].split(/[*@]/)[0] === AUTO_NAME);
}

function splitLights(text: string): string[] {
  const compact = text.trim().replace(/\s*([,*@+])\s*/g, '$1');
  return compact.split(SEPARATOR);
}

/** Returns the lights of one part of a text, with the weights as shares. */
function parseLight(text: string): MixedLight[] {
  const match = LIGHT_PATTERN.exec(text);
  if (!match) throw new RangeError('write each light as LIGHT, LIGHT*WEIGHT, LIGHT@KELVIN or both');
  const [, name, weightText, kelvinText] = match;
  const weight = parseInRange(weightText, 'weight', 0.01, LARGEST_WEIGHT) ?? 1;
  const temperature = parseInRange(kelvinText, 'color temperature', LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE);
  if (name === AUTO_NAME) {
    return AUTO_LIGHTS.map((member) => ({
      direction: NAMED[member],
      share: weight / AUTO_LIGHTS.length,
      temperature,
    }));
  }
  const direction = isLightName(name) ? NAMED[name] : parseDirection(name);
  return [{direction, share: weight, temperature}];
}

function parseInRange(text: string | undefined, name: string, low: number, high: number): number | null {
  if (text === undefined) return null;
  const number = parseNumber(text) ?? NaN;
  checkRange(name, number, low, high);
  return number;
}

function rightwardOf({azimuth, elevation}: Direction): number {
  return Math.sin(toRadians(azimuth)) * Math.cos(toRadians(elevation));
}

const AUTO_NAME = 'auto';
/** The most lights that a text may name. */
const MAX_LIGHTS = 8;
const LARGEST_WEIGHT = 10;
const MAX_LENGTH = 400; // characters
/** A plus that is not the sign of a number, or white space. */
const SEPARATOR = /(?<![+,*@])(?<!^)(?<!\d[eE])\+|\s+/;
const LIGHT_PATTERN = /^([^*@]*)(?:\*([^*@]*))?(?:@([^*@]*))?$/;
