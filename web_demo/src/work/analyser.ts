import {type Analysis, Corrector, LightCorrector, type LitAnalysis, type Monitor} from '../core/index.js';
import type {PixelSource} from '../core/index.js';
import type {Generator} from './generator.js';
import {LightNetwork} from './lightNetwork.js';
import type {Runner} from './network.js';

/** Lets the network see photographs, and keeps what it has read of the one on the screen. */
export class Analyser {
  private kept: {readonly id: number; readonly read: LitAnalysis} | null = null;

  constructor(private readonly generator: Generator) {}

  /**
   * Finds out how a photograph is to be corrected.
   *
   * @param id says which photograph it is.
   * @param photo the photograph.
   * @param light what a network for placed light is told; others do without.
   * @param isShown whether it is on the screen, so that other lights are asked for next.
   * @param monitor watches it.
   */
  async analyse(
    id: number,
    photo: PixelSource,
    light: string,
    isShown: boolean,
    monitor?: Monitor,
  ): Promise<{runner: Runner; analysis: Analysis}> {
    const network = await this.generator.networkFor(photo.height, photo.width);
    const {faceFinder} = this.generator;
    if (!(network instanceof LightNetwork)) {
      const analysis = await new Corrector(network, faceFinder).analyse(photo, monitor);
      return {runner: network.runner, analysis};
    }
    const read = await new LightCorrector(network, faceFinder).read(photo, monitor);
    let isKept = false;
    try {
      const analysis = await read.under(light);
      if (isShown) {
        this.keep(id, read);
        isKept = true;
      }
      const networkTime = read.readTime + analysis.networkTime;
      return {runner: network.runner, analysis: {...analysis, networkTime}};
    } finally {
      if (!isKept) read.photo.forget();
    }
  }

  /** Returns how the photograph on the screen is corrected under another light; null if that is gone. */
  async under(id: number, light: string): Promise<Analysis | null> {
    const {kept} = this;
    if (kept?.id !== id) return null;
    try {
      return await kept.read.under(light);
    } catch (error) {
      if (this.kept !== kept) return null; // Another photograph took its place meanwhile.
      throw error;
    }
  }

  private keep(id: number, read: LitAnalysis): void {
    this.kept?.read.photo.forget();
    this.kept = {id, read};
  }
}
