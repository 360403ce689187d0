import type {Asked, Relit} from '../work/correctionService.js';
import type {Photo} from './photo.js';

/** Lets the picture follow the light: one step at a time, and always the newest light next. */
export class LightFollower {
  private photo: Photo | null = null;
  private isAsking = false;

  /**
   * @param ask has the photograph on the screen relit; null if another one took its place.
   * @param show is given what came out, after it became part of the photograph's analysis.
   * @param fail is told what went wrong.
   */
  constructor(
    private readonly ask: (photo: Photo, asked: Asked) => Promise<Relit | null>,
    private readonly show: (photo: Photo, relit: Relit) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Brings the photograph on the screen to its light and its amount, unless it shows them already. */
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
        if (!relit) break;
        if (photo !== this.photo || !photo.analysis) continue;
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
