import {Positions, UpsampledRows} from './interpolation.js';
import {LocalAffine} from './localAffine.js';
import {Monitor, UNWATCHED} from './monitor.js';
import {PIXEL_BYTES, PixelSink, PixelSource, STRIP_ROWS} from './pixels.js';
import {CHANNELS, RgbImage} from './rgbImage.js';
import {LARGEST_STRENGTH, shareOf} from './strength.js';
import {STEPS_PER_LEVEL, Tone, TONE_STEPS} from './tone.js';

/** How a correction is applied. */
export interface Settings {
  /**
   * From 0, the original, through 1 to 2. Above 1, the model must be for the matching `amountOf`.
   */
  readonly strength: number;

  /** Brightness and warmth, applied after the strength. */
  readonly tone: Tone;
}

/** The full correction and nothing else. */
export const AS_CORRECTED: Settings = {strength: 1, tone: new Tone()};

/**
 * Corrects every pixel of a photograph, strip by strip, and leaves alpha unchanged. This is step 7
 * of `keras_f2a.correction.full_resolution` in the Python package, followed by its `tone`.
 *
 * @param model what the network does to the photograph; see `SeenPhoto.under`.
 * @param source the photograph that was analyzed, possibly at another size.
 * @param target receives the result.
 * @param settings strength and tone.
 * @param monitor receives the progress.
 * @throws RangeError if the strength is out of range.
 */
export async function applyCorrection(
  model: LocalAffine,
  source: PixelSource,
  target: PixelSink,
  settings: Settings = AS_CORRECTED,
  monitor: Monitor = UNWATCHED,
): Promise<void> {
  const {strength, tone} = settings;
  if (!(strength >= 0 && strength <= LARGEST_STRENGTH)) {
    throw new RangeError(`strength ${strength} is not between 0 and ${LARGEST_STRENGTH}`);
  }
  const rowCorrector = new RowCorrector(model.blendWithOriginal(shareOf(strength)), source, tone);
  const strip = new Uint8ClampedArray(STRIP_ROWS * source.width * PIXEL_BYTES);
  for (let top = 0; top < source.height; top += STRIP_ROWS) {
    const count = Math.min(STRIP_ROWS, source.height - top);
    const corrected = strip.subarray(0, count * source.width * PIXEL_BYTES);
    rowCorrector.correct(top, source.read(top, count), corrected);
    target.write(top, corrected);
    await monitor.progress((top + count) / source.height);
  }
}

/** Corrects rows of one photograph. */
class RowCorrector {
  private readonly rowPositions: Positions;
  private readonly gains: UpsampledRows;
  private readonly offsets: UpsampledRows;
  private readonly curves: Uint8Array[] | null;
  private readonly width: number;

  constructor(model: LocalAffine, photo: PixelSource, tone: Tone) {
    this.width = photo.width;
    this.rowPositions = new Positions(photo.height, model.gain.height);
    const columnPositions = new Positions(photo.width, model.gain.width);
    const {height, width, values} = model.offset;
    const offsetInLevels = new RgbImage(
      height,
      width,
      values.map((value) => value * WHITE),
    );
    this.gains = new UpsampledRows(model.gain, columnPositions);
    this.offsets = new UpsampledRows(offsetInLevels, columnPositions);
    this.curves = tone.isNeutral ? null : tone.curves();
  }

  correct(top: number, input: Uint8ClampedArray, output: Uint8ClampedArray): void {
    // Plain byte arrays, because the code below already clamps and rounds as the specification
    // says.
    const source = new Uint8Array(input.buffer, input.byteOffset, input.length);
    const target = new Uint8Array(output.buffer, output.byteOffset, output.length);
    const length = this.width * PIXEL_BYTES;
    for (let start = 0, row = top; start < source.length; start += length, row++) {
      this.gains.moveTo(this.rowPositions.lower[row]);
      this.offsets.moveTo(this.rowPositions.lower[row]);
      const weight = this.rowPositions.weight[row];
      if (this.curves) this.correctRowWithTone(source, target, start, weight, this.curves);
      else this.correctRow(source, target, start, weight);
    }
  }

  // One line per channel, because a loop over the three channels takes a third longer.
  private correctRow(source: Uint8Array, target: Uint8Array, start: number, weight: number): void {
    const {upper: gain, step: gainStep} = this.gains;
    const {upper: offset, step: offsetStep} = this.offsets;
    for (let i = 0, at = start; i < gain.length; i += CHANNELS, at += PIXEL_BYTES) {
      target[at] = roundToLevel(
        source[at] * (weight * gainStep[i] + gain[i]) + (weight * offsetStep[i] + offset[i]),
      );
      target[at + 1] = roundToLevel(
        source[at + 1] * (weight * gainStep[i + 1] + gain[i + 1]) +
          (weight * offsetStep[i + 1] + offset[i + 1]),
      );
      target[at + 2] = roundToLevel(
        source[at + 2] * (weight * gainStep[i + 2] + gain[i + 2]) +
          (weight * offsetStep[i + 2] + offset[i + 2]),
      );
      target[at + 3] = source[at + 3];
    }
  }

  private correctRowWithTone(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    weight: number,
    curves: Uint8Array[],
  ): void {
    const {upper: gain, step: gainStep} = this.gains;
    const {upper: offset, step: offsetStep} = this.offsets;
    const [red, green, blue] = curves;
    for (let i = 0, at = start; i < gain.length; i += CHANNELS, at += PIXEL_BYTES) {
      target[at] =
        red[
          roundToToneStep(
            source[at] * (weight * gainStep[i] + gain[i]) + (weight * offsetStep[i] + offset[i]),
          )
        ];
      target[at + 1] =
        green[
          roundToToneStep(
            source[at + 1] * (weight * gainStep[i + 1] + gain[i + 1]) +
              (weight * offsetStep[i + 1] + offset[i + 1]),
          )
        ];
      target[at + 2] =
        blue[
          roundToToneStep(
            source[at + 2] * (weight * gainStep[i + 2] + gain[i + 2]) +
              (weight * offsetStep[i + 2] + offset[i + 2]),
          )
        ];
      target[at + 3] = source[at + 3];
    }
  }
}

/** Rounds half up to a level from 0 to 255, clamped. */
function roundToLevel(value: number): number {
  return value < 0 ? 0 : value > WHITE ? WHITE : (value + 0.5) | 0;
}

/** Rounds half up to a step of a tone curve, clamped. */
function roundToToneStep(value: number): number {
  return value < 0 ? 0 : value > WHITE ? TONE_STEPS : (value * STEPS_PER_LEVEL + 0.5) | 0;
}

const WHITE = 255;
