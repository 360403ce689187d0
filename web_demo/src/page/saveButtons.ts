import {byId, onClick} from './elements.js';
import {resultName} from './names.js';
import type {Photo} from './photo.js';
import {CAN_WRITE_FOLDERS, download, type Outcome, saveAsZip, saveToFolder} from './saving.js';
import type {StatusLine} from './statusLine.js';
import {fillIn, leftOutText, savedText} from './texts.js';
import type {Workshop} from './workshop.js';

/** The buttons that save one photograph or all of them, and the messages about saving. */
export class SaveButtons {
  private isSavingAll = false;

  /**
   * @param workshop corrects the photographs to save.
   * @param status shows the outcome.
   * @param photos all photographs, updated as they are added and removed.
   * @param getSelected returns the one on the screen.
   */
  constructor(
    private readonly workshop: Workshop,
    private readonly status: StatusLine,
    private readonly photos: readonly Photo[],
    private readonly getSelected: () => Photo | null,
  ) {
    onClick('save', () => void this.save());
    onClick('saveZip', () => void this.saveAll(saveAsZip));
    onClick('saveFolder', () => void this.saveAll(saveToFolder));
  }

  /** Shows and enables the buttons that apply. */
  update(): void {
    byId<HTMLButtonElement>('save').disabled = this.getSelected()?.state !== 'ready' || this.isSavingAll;
    for (const id of ['saveZip', 'saveFolder', 'useForAll']) {
      byId(id).hidden = this.photos.length < 2 || (id === 'saveFolder' && !CAN_WRITE_FOLDERS);
      byId<HTMLButtonElement>(id).disabled = this.isSavingAll;
    }
  }

  private async save(): Promise<void> {
    const photo = this.getSelected();
    if (!photo) return;
    try {
      const {blob, leftOut, totalTime} = await this.workshop.save(photo);
      const name = resultName(photo.file.name, blob.type);
      download(blob, name);
      byId('save').dataset.wholeTime = String(totalTime);
      this.status.show({
        text: (texts) => [fillIn(texts.savedAs, {name}), leftOutText(leftOut, texts)].join(' ').trim(),
        about: photo,
      });
    } catch (error) {
      this.status.showError(error);
    }
  }

  private async saveAll(save: (workshop: Workshop, photos: Photo[]) => Promise<Outcome>): Promise<void> {
    this.isSavingAll = true;
    this.update();
    try {
      const photos = this.photos.filter(({state}) => state !== 'failed');
      const {saved, failed} = await save(this.workshop, photos);
      this.status.show({
        text: (texts) => savedText(saved, failed.length, texts),
        isBad: failed.length > 0,
      });
    } catch (error) {
      this.status.showError(error);
    }
    this.isSavingAll = false;
    this.update();
  }
}
