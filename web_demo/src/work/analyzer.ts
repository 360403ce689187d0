import {type Analysis, Corrector, LightCorrector, type Monitor, type SeenPhoto} from '../core/index.js';
import {flashFired} from '../files/exifBlock.js';
import type {PhotoFile} from '../files/photoFile.js';
import type {Asked} from './correctionService.js';
import type {DecodedPhoto} from './decodedPhoto.js';
import type {Generator} from './generator.js';
import {LightNetwork} from './lightNetwork.js';
import type {Runner} from './network.js';

/** A photograph whose file was read and decoded. */
export interface Opened {
  /** Says which photograph it is. */
  readonly id: number;
  readonly file: PhotoFile;
  readonly photo: DecodedPhoto;
}

/** Lets the network see photographs, and keeps what it has seen of the one on the screen. */
export class Analyzer {
  private kept: {readonly id: number; readonly seen: SeenPhoto} | null = null;

  constructor(private readonly generator: Generator) {}

  /**
   * Finds out how a photograph is to be corrected.
   *
   * @param opened the photograph.
   * @param asked the light that is wanted.
   * @param isShown whether it is on the screen, so that other lights are asked for next.
   * @param monitor watches it.
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

  /** Returns how the photograph on the screen is corrected by another light; null if that is gone. */
  async under(id: number, {light, amount}: Asked): Promise<Analysis | null> {
    const {kept} = this;
    if (kept?.id !== id) return null;
    try {
      return await kept.seen.under(light, amount);
    } catch (error) {
      if (this.kept !== kept) return null; // Another photograph took its place meanwhile.
      throw error;
    }
  }

  private keep(id: number, seen: SeenPhoto): void {
    this.kept?.seen.forget();
    this.kept = {id, seen};
  }
}
