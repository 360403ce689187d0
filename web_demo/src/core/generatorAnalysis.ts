import type {Analysis, SeenPhoto} from './analysis.js';
import type {Face} from './faces.js';
import {logGainOf, RelightablePhoto} from './lights.js';
import {LocalAffineFit} from './localAffine.js';
import type {Repair} from './redEyes.js';
import {RgbImage} from './rgbImage.js';
import type {Plane} from './smoothing.js';

/**
 * A photograph that a generator has read. There is one light, which can be requested repeatedly.
 */
export class GeneratorAnalysis implements SeenPhoto {
  private readonly rules: {readonly photo: RelightablePhoto; readonly change: Plane} | null;
  private readonly fit: LocalAffineFit;

  /**
   * @param small the photograph's small copy.
   * @param output the generator's output for it, of the same size.
   * @param faces the faces in the copy, for the rules of light; null for the generator's own
   *   result.
   * @param repairs repairs of red eyes.
   * @param networkTime milliseconds that the generator took.
   */
  constructor(
    private readonly small: RgbImage,
    private readonly output: RgbImage,
    faces: readonly Face[] | null,
    private readonly repairs: readonly Repair[],
    private readonly networkTime: number,
  ) {
    this.rules = faces && {photo: new RelightablePhoto(small, faces), change: logGainOf(small, output)};
    this.fit = new LocalAffineFit(small);
  }

  /** See `SeenPhoto.under`. A generator ignores the light. */
  async under(_light: string, amount = 1): Promise<Analysis> {
    return this.analysisFor(amount);
  }

  /**
   * Returns what the generator does to the photograph.
   *
   * @param amount multiplier for its light, at least 1; see `amountOf`.
   */
  analysisFor(amount: number): Analysis {
    const {repairs, networkTime} = this;
    const corrected = this.correct(amount);
    return {model: this.fit.fitTo(corrected), repairs, corrected, networkTime, isAlmostUnchanged: false};
  }

  forget(): void {}

  private correct(amount: number): RgbImage {
    if (this.rules) return this.rules.photo.relight(this.rules.change, 0, amount).image;
    return amount > 1 ? this.exaggerate(amount) : this.output;
  }

  /** Multiplies the change that the generator made. Every step is in float32. */
  private exaggerate(amount: number): RgbImage {
    const {height, width, values} = this.small;
    const result = new RgbImage(height, width);
    for (let index = 0; index < values.length; index++) {
      const change = fround(fround(amount) * fround(this.output.values[index] - values[index]));
      result.values[index] = Math.min(Math.max(fround(values[index] + change), 0), 1);
    }
    return result;
  }
}

const {fround} = Math;
