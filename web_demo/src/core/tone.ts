import {fromLinear, toLinear} from './srgb.js';

/**
 * A change of brightness and white balance, by one curve for each channel: black stays black and
 * white stays white. `keras_f2a.correction.tone` in the Python package says why, step by step.
 */
export class Tone {
  /**
   * @param brightness stops that shadows and middle tones are raised by, -3 to 3.
   * @param warmth from -1, cooler, to 1, warmer: half a stop more red and less blue.
   * @throws RangeError if a value is out of range.
   */
  constructor(
    readonly brightness = 0,
    readonly warmth = 0,
  ) {
    check('brightness', brightness, LARGEST_BRIGHTNESS);
    check('warmth', warmth, LARGEST_WARMTH);
  }

  /** Whether it changes nothing. */
  get isNeutral(): boolean {
    return this.brightness === 0 && this.warmth === 0;
  }

  /**
   * The curves of red, green and blue: the 8-bit result for corrected values from 0 to 255 in steps
   * of one sixteenth, which are neither rounded nor limited before. `TONE_STEPS + 1` values each.
   */
  curves(): [Uint8Array, Uint8Array, Uint8Array] {
    const balance = WARMEST.map((most) => 2 ** (most * this.warmth));
    const luminance = balance.reduce((sum, value, index) => sum + value * LUMINANCE[index], 0);
    const curveOf = (weight: number) => curve((2 ** this.brightness * weight) / luminance);
    return [curveOf(balance[0]), curveOf(balance[1]), curveOf(balance[2])];
  }
}

function curve(gain: number): Uint8Array {
  return Uint8Array.from({length: TONE_STEPS + 1}, (_, step) => {
    const light = toLinear(step / TONE_STEPS);
    const toned = fromLinear((gain * light) / (1 + (gain - 1) * light));
    return Math.floor(Math.fround(toned) * WHITE + 0.5);
  });
}

function check(name: string, value: number, largest: number): void {
  // Written so that NaN is refused too.
  if (!(value >= -largest && value <= largest)) {
    throw new RangeError(`${name} ${value} is not between ${-largest} and ${largest}`);
  }
}

export const LARGEST_BRIGHTNESS = 3;
export const LARGEST_WARMTH = 1;

/** Steps of a curve for each of 8 bits' levels. */
export const STEPS_PER_LEVEL = 16;
export const TONE_STEPS = 255 * STEPS_PER_LEVEL;

const WHITE = 255;
const LUMINANCE = [0.2126, 0.7152, 0.0722];
const WARMEST = [0.5, 0, -0.5];
