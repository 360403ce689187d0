import {fromLinear, toLinear} from './srgb.js';

/**
 * A change of brightness and white balance by one curve per channel. Black stays black and white
 * stays white. `keras_f2a.correction.tone` in the Python package explains each step.
 */
export class Tone {
  /**
   * @param brightness stops by which shadows and midtones are raised, -3 to 3.
   * @param warmth from -1, cooler, to 1, warmer: half a stop more red and less blue.
   * @throws RangeError if a value is out of range.
   */
  constructor(
    readonly brightness = 0,
    readonly warmth = 0,
  ) {
    checkRange('brightness', brightness, LARGEST_BRIGHTNESS);
    checkRange('warmth', warmth, LARGEST_WARMTH);
  }

  /** Whether the tone changes nothing. */
  get isNeutral(): boolean {
    return this.brightness === 0 && this.warmth === 0;
  }

  /**
   * Returns the curves of red, green and blue, `TONE_STEPS + 1` values each. They map corrected
   * values from 0 to 255, in steps of 1/16, to the 8-bit result. The corrected values are not
   * rounded or limited beforehand.
   */
  curves(): [Uint8Array, Uint8Array, Uint8Array] {
    const balance = WARMEST.map((maxStops) => 2 ** (maxStops * this.warmth));
    const luminance = balance.reduce((sum, value, index) => sum + value * LUMINANCE[index], 0);
    const channelCurve = (weight: number) => toneCurve((2 ** this.brightness * weight) / luminance);
    return [channelCurve(balance[0]), channelCurve(balance[1]), channelCurve(balance[2])];
  }
}

function toneCurve(gain: number): Uint8Array {
  return Uint8Array.from({length: TONE_STEPS + 1}, (_, step) => {
    const light = toLinear(step / TONE_STEPS);
    const toned = fromLinear((gain * light) / (1 + (gain - 1) * light));
    return Math.floor(Math.fround(toned) * WHITE + 0.5);
  });
}

function checkRange(name: string, value: number, largest: number): void {
  // Written this way to reject NaN too.
  if (!(value >= -largest && value <= largest)) {
    throw new RangeError(`${name} ${value} is not between ${-largest} and ${largest}`);
  }
}

export const LARGEST_BRIGHTNESS = 3;
export const LARGEST_WARMTH = 1;

/** Curve steps per 8-bit level. */
export const STEPS_PER_LEVEL = 16;
export const TONE_STEPS = 255 * STEPS_PER_LEVEL;

const WHITE = 255;
const LUMINANCE = [0.2126, 0.7152, 0.0722];
const WARMEST = [0.5, 0, -0.5];
