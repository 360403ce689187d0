import {type Analysis, Corrector, LightCorrector, type Monitor, type SeenPhoto} from '../core/index.js';
import {flashFired} from '../files/exifBlock.js';
import type {PhotoFile} from '../files/photoFile.js';
import type {LightRequest} from './correctionService.js';
import type {DecodedPhoto} from './decodedPhoto.js';
import type {AnyNetwork, Generator} from './generator.js';
import {LightNetwork} from './lightNetwork.js';
import type {Runner} from './network.js';

/** A photograph that was read and decoded. */
export interface OpenedPhoto {
  /** Identifies the photograph. */
  readonly id: number;
  readonly file: PhotoFile;
  readonly photo: DecodedPhoto;
}

/** Runs the network on photographs, and keeps its reading of the one on the screen. */
export class Analyzer {
  private cached: {readonly id: number; readonly photo: SeenPhoto} | null = null;

  constructor(private readonly generator: Generator) {}

  /**
   * Determines how to correct a photograph.
   *
   * @param opened the photograph.
   * @param request the requested light.
   * @param isOnScreen whether it is on the screen, so that requests for other lights will follow.
   * @param monitor receives the progress.
   */
  async analyze(
    {id, file, photo}: OpenedPhoto,
    {light, amount}: LightRequest,
    isOnScreen: boolean,
    monitor?: Monitor,
  ): Promise<{runner: Runner; analysis: Analysis}> {
    const network = await this.generator.networkFor(photo.height, photo.width);
    const {seenPhoto, readTime} = await this.read(network, file, photo, monitor);
    let isCached = false;
    try {
      const analysis = await seenPhoto.under(light, amount);
      if (isOnScreen) {
        this.cache(id, seenPhoto);
        isCached = true;
      }
      const networkTime = readTime + analysis.networkTime;
      return {runner: network.runner, analysis: {...analysis, networkTime}};
    } finally {
      if (!isCached) seenPhoto.forget();
    }
  }

  /**
   * Returns the correction of the photograph on the screen under another light; null if it is gone.
   */
  async relight(id: number, {light, amount}: LightRequest): Promise<Analysis | null> {
    const {cached} = this;
    if (cached?.id !== id) return null;
    try {
      return await cached.photo.under(light, amount);
    } catch (error) {
      if (this.cached !== cached) return null; // Another photograph has replaced it.
      throw error;
    }
  }

  /** Lets the network read a photograph. `readTime` does not count in its analyses. */
  private async read(
    network: AnyNetwork,
    file: PhotoFile,
    photo: DecodedPhoto,
    monitor?: Monitor,
  ): Promise<{seenPhoto: SeenPhoto; readTime: number}> {
    const {faceFinder} = this.generator;
    if (network instanceof LightNetwork) {
      const corrector = new LightCorrector(network, faceFinder);
      const seenPhoto = await corrector.read(photo, monitor, flashFired(file.exif));
      return {seenPhoto, readTime: seenPhoto.readTime};
    }
    const seenPhoto = await new Corrector(network, faceFinder).read(photo, monitor);
    return {seenPhoto, readTime: 0};
  }

  private cache(id: number, seenPhoto: SeenPhoto): void {
    this.cached?.photo.forget();
    this.cached = {id, photo: seenPhoto};
  }
}
