import type {FaceFinder} from './faces.js';
import {GeneratorAnalysis} from './generatorAnalysis.js';
import {Monitor, partOf, UNWATCHED} from './monitor.js';
import {PixelSource} from './pixels.js';
import {repairRedEyes} from './redEyes.js';
import {RgbImage} from './rgbImage.js';
import {shrink} from './shrinking.js';
import {WorkingCopy} from './workingCopy.js';

/** A loaded generator, which turns one image of its fixed size into another. */
export interface Engine {
  readonly height: number;
  readonly width: number;

  /** Takes and returns interleaved RGB in [0, 1], `height * width * 3` values. */
  run(image: Float32Array): Promise<Float32Array>;
}

/** The network's output is not an image. */
export class ModelFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ModelFailed';
  }
}

/** Determines what a generator does to photographs, from a small copy that fits its input size. */
export class Corrector {
  /**
   * @param engine the generator.
   * @param faceFinder finds the faces, which the rules of light and the red-eye repair need. With
   *   null, the generator's own result is used.
   */
  constructor(
    private readonly engine: Engine,
    private readonly faceFinder: FaceFinder | null = null,
  ) {}

  /**
   * Runs the generator on a small copy of a photograph.
   *
   * @param photo the photograph, upright.
   * @param monitor receives the progress; the network itself cannot be interrupted.
   * @return an analysis that derives the correction of the full-size pixels from the output.
   * @throws ModelFailed if the generator does not return an image.
   */
  async read(photo: PixelSource, monitor: Monitor = UNWATCHED): Promise<GeneratorAnalysis> {
    const {height, width} = this.engine;
    const plan = WorkingCopy.of(photo.height, photo.width, height, width);
    const small = await shrink(photo, plan.height, plan.width, partOf(monitor, 0, SHRINK_PROGRESS));
    const start = performance.now();
    const output = plan.cropFromFrame(await this.runNetwork(plan.placeInFrame(small)));
    const networkTime = performance.now() - start;
    await monitor.progress(NETWORK_PROGRESS);
    const faces = this.faceFinder ? await this.faceFinder.find(small) : null;
    const repairs = faces ? repairRedEyes(photo, faces, photo.width / small.width) : [];
    const analysis = new GeneratorAnalysis(small, output, faces, repairs, networkTime);
    await monitor.progress(1);
    return analysis;
  }

  private async runNetwork(frame: RgbImage): Promise<RgbImage> {
    const output = await this.engine.run(frame.values);
    if (output.length !== frame.values.length) {
      throw new ModelFailed(`${output.length} values from ${frame.values.length}`);
    }
    if (!output.every(Number.isFinite)) {
      throw new ModelFailed("the model's output has NaN or infinite values");
    }
    const clamped = output.map((value) => Math.min(Math.max(value, 0), 1));
    return new RgbImage(frame.height, frame.width, clamped);
  }
}

const SHRINK_PROGRESS = 0.5;
const NETWORK_PROGRESS = 0.9;
