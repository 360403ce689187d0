import type {Asked, Relit} from '../work/correctionService.js';
import type {Photo} from './photo.js';

/** Makes the picture follow the light: one request at a time, always for the latest light. */
export class LightFollower {
  private photo: Photo | null = null;
  private isAsking = false;

  /**
   * @param ask relights the photograph on the screen; returns null if another one has replaced it.
   * @param show receives the result, after it became part of the photograph's analysis.
   * @param fail receives errors.
   */
  constructor(
    private readonly ask: (photo: Photo, asked: Asked) => Promise<Relit | null>,
    private readonly show: (photo: Photo, relit: Relit) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Updates the photograph on the screen to its light and amount, unless it already shows them. */
  follow(photo: Photo): void {
    this.photo = photo;
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      for (let photo = this.photo; photo?.analysis && !photo.isAnswered; photo = this.photo) {
        const {asked} = photo;
        const relit = await this.ask(photo, asked);
        if (photo !== this.photo) continue;
        if (!relit) break;
        if (!photo.analysis) continue;
        const {model, isLeft} = relit;
        photo.analysis = {...photo.analysis, ...asked, model, isLeft};
        this.show(photo, relit);
      }
    } catch (error) {
      this.fail(error);
    }
    this.isAsking = false;
  }
}
