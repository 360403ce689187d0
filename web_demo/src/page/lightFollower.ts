import type {LightRequest, RelightResponse} from '../work/correctionService.js';
import type {Photo} from './photo.js';

/** Makes the picture follow the light: one request at a time, always for the latest light. */
export class LightFollower {
  private photo: Photo | null = null;
  private isRequesting = false;

  /**
   * @param request relights the photograph on the screen; returns null if another one has replaced it.
   * @param show receives the result, after it became part of the photograph's analysis.
   * @param fail receives errors.
   */
  constructor(
    private readonly request: (photo: Photo, lightRequest: LightRequest) => Promise<RelightResponse | null>,
    private readonly show: (photo: Photo, response: RelightResponse) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Updates the photograph on the screen to its light and amount, unless it already shows them. */
  follow(photo: Photo): void {
    this.photo = photo;
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.isRequesting) return;
    this.isRequesting = true;
    try {
      for (let photo = this.photo; photo?.analysis && !photo.isUpToDate; photo = this.photo) {
        const {lightRequest} = photo;
        const response = await this.request(photo, lightRequest);
        if (photo !== this.photo) continue;
        if (!response) break;
        if (!photo.analysis) continue;
        const {model, isAlmostUnchanged} = response;
        photo.analysis = {...photo.analysis, ...lightRequest, model, isAlmostUnchanged};
        this.show(photo, response);
      }
    } catch (error) {
      this.fail(error);
    }
    this.isRequesting = false;
  }
}
