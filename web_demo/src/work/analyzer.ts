import {type Analysis, Corrector, LightCorrector, type Monitor, type SeenPhoto} from '../core/index.js';
import {flashFired} from '../files/exifBlock.js';
import type {PhotoFile} from '../files/photoFile.js';
import type {Asked} from './correctionService.js';
import type {DecodedPhoto} from './decodedPhoto.js';
import type {Generator} from './generator.js';
import {LightNetwork} from './lightNetwork.js';
import type {Runner} from './network.js';

/** A photograph that was read and decoded. */
export interface Opened {
  /** Identifies the photograph. */
  readonly id: number;
  readonly file: PhotoFile;
  readonly photo: DecodedPhoto;
}

/** Runs the network on photographs, and keeps its reading of the one on the screen. */
export class Analyzer {
  private kept: {readonly id: number; readonly seen: SeenPhoto} | null = null;

  constructor(private readonly generator: Generator) {}

  /**
   * Determines how to correct a photograph.
   *
   * @param opened the photograph.
   * @param asked the requested light.
   * @param isShown whether it is on the screen, so that requests for other lights will follow.
   * @param monitor receives the progress.
   */
  async analyze(
    {id, file, photo}: Opened,
    {light, amount}: Asked,
    isShown: boolean,
    monitor?: Monitor,
  ): Promise<{runner: Runner; analysis: Analysis}> {
    const network = await this.generator.networkFor(photo.height, photo.width);
    const {faceFinder} = this.generator;
    const {runner} = network;
    let readTime = 0;
    let seen: SeenPhoto;
    if (network instanceof LightNetwork) {
      const corrector = new LightCorrector(network, faceFinder);
      const read = await corrector.read(photo, monitor, flashFired(file.exif));
      ({readTime} = read);
      seen = read;
    } else {
      seen = await new Corrector(network, faceFinder).read(photo, monitor);
    }
    let isKept = false;
    try {
      const analysis = await seen.under(light, amount);
      if (isShown) {
        this.keep(id, seen);
        isKept = true;
      }
      return {runner, analysis: {...analysis, networkTime: readTime + analysis.networkTime}};
    } finally {
      if (!isKept) seen.forget();
    }
  }

  /**
   * Returns the correction of the photograph on the screen under another light; null if it is gone.
   */
  async under(id: number, {light, amount}: Asked): Promise<Analysis | null> {
    const {kept} = this;
    if (kept?.id !== id) return null;
    try {
      return await kept.seen.under(light, amount);
    } catch (error) {
      if (this.kept !== kept) return null; // Another photograph has replaced it.
      throw error;
    }
  }

  private keep(id: number, seen: SeenPhoto): void {
    this.kept?.seen.forget();
    this.kept = {id, seen};
  }
}
