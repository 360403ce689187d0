import type {Analysis, SeenPhoto} from './analysis.js';
import type {FaceFinder} from './faces.js';
import {type LightEngine, LitPhoto} from './litPhoto.js';
import {LocalAffineFit} from './localAffine.js';
import {Monitor, partOf, UNWATCHED} from './monitor.js';
import type {PixelSource} from './pixels.js';
import {type Repair, repairRedEyes} from './redEyes.js';
import {shrink} from './shrinking.js';
import {WorkingCopy} from './workingCopy.js';

/**
 * Determines what lights do to photographs. A network for placed light reads each photograph once.
 */
export class LightCorrector {
  /**
   * @param engine the network.
   * @param faceFinder finds the faces, which the rules of light and the red-eye repair need. With
   *   null, the network's own result is used.
   */
  constructor(
    private readonly engine: LightEngine,
    private readonly faceFinder: FaceFinder | null = null,
  ) {}

  /**
   * Runs the network's reading part on a small copy of a photograph.
   *
   * @param photo the photograph, upright.
   * @param monitor receives the progress; the network itself cannot be interrupted.
   * @param flashFired whether the photograph's file says that the flash fired; null if it does not
   *   say.
   */
  async read(
    photo: PixelSource,
    monitor: Monitor = UNWATCHED,
    flashFired: boolean | null = null,
  ): Promise<LitAnalysis> {
    const {height, width} = this.engine;
    const plan = WorkingCopy.of(photo.height, photo.width, height, width, true);
    const small = await shrink(photo, plan.height, plan.width, partOf(monitor, 0, SHRINK_PROGRESS));
    const faces = this.faceFinder ? await this.faceFinder.find(small) : null;
    const repairs = faces ? repairRedEyes(photo, faces, photo.width / small.width) : [];
    const start = performance.now();
    const lit = await LitPhoto.read(small, plan, this.engine, faces, flashFired);
    await monitor.progress(1);
    return new LitAnalysis(lit, repairs, performance.now() - start);
  }
}

/** A photograph that was read, ready for any light. */
export class LitAnalysis implements SeenPhoto {
  private readonly fit: LocalAffineFit;

  /** @param readTime milliseconds that the network took to read it. */
  constructor(
    readonly photo: LitPhoto,
    private readonly repairs: readonly Repair[],
    readonly readTime: number,
  ) {
    this.fit = new LocalAffineFit(photo.small);
  }

  /** See `SeenPhoto.under`. `networkTime` counts this light only. */
  async under(light: string, amount = 1): Promise<Analysis> {
    const {image: corrected, networkTime} = await this.photo.under(light, amount);
    const model = this.fit.fitTo(corrected);
    return {
      model,
      repairs: this.repairs,
      corrected,
      networkTime,
      isAlmostUnchanged: this.photo.isAlmostUnchanged(light),
    };
  }

  forget(): void {
    this.photo.forget();
  }
}

const SHRINK_PROGRESS = 0.5;
