import type {Preview} from '../work/correctionService.js';
import {Comparison} from './comparison.js';
import {byId, onClick} from './elements.js';
import {onIncoming} from './incoming.js';
import {LightFollower} from './lightFollower.js';
import {LightPanel} from './lightPanel.js';
import {cacheForOffline} from './offline.js';
import {followLanguage, type Language, LANGUAGES} from './language.js';
import {NEUTRAL, Photo} from './photo.js';
import {QueueList} from './queueList.js';
import {Readout} from './readout.js';
import {SaveButtons} from './saveButtons.js';
import {Sliders} from './sliders.js';
import {StatusLine} from './statusLine.js';
import {explainProblem, fillIn, leftOutText, type Texts, translate} from './texts.js';
import {Workshop} from './workshop.js';

/** The page: its parts, and its reactions to the user. */
export class Page {
  private texts: Texts = LANGUAGES.en;
  private readonly getTexts = () => this.texts;
  private readonly photos: Photo[] = [];
  private selected: Photo | null = null;

  private readonly status = new StatusLine(this.getTexts);
  private readonly readout = new Readout(this.getTexts);
  private readonly comparison = new Comparison(byId('comparison'), byId('divider'), this.getTexts, () =>
    this.restorePicture(),
  );
  private readonly sliders = new Sliders(this.getTexts, (look) => this.changeLook(look));
  private readonly lights = new LightPanel(byId('comparison'), this.getTexts, (light) => this.relight(light));
  private readonly queue = new QueueList(
    byId('queue'),
    this.getTexts,
    (photo) => this.select(photo),
    (photo) => this.remove(photo),
  );
  private readonly workshop = new Workshop({
    changed: (photo) => this.updatePhoto(photo),
    analyzed: (photo, preview) => this.showAnalyzed(photo, preview),
    progress: (photo, fraction, isSaving) => this.showProgress(photo, fraction, isSaving),
    runner: (runner) => this.readout.setRunner(runner),
  });
  private readonly saveButtons = new SaveButtons(
    this.workshop,
    this.status,
    this.photos,
    () => this.selected,
  );

  private readonly follower = new LightFollower(
    (photo, lightRequest) => this.workshop.relight(photo, lightRequest),
    (photo, {model, totalTime}) => {
      this.comparison.setModel(model);
      this.lights.markShown(photo.analysis!.light, totalTime);
      this.readout.summarize(photo);
    },
    (error) => this.status.showError(error),
  );

  /** Loads everything and shows the sample. */
  async start(): Promise<void> {
    this.addListeners();
    followLanguage((language) => this.setLanguage(language));
    this.status.showTask({text: (texts) => texts.loading});
    void this.readout.nameModel();
    const loading = this.workshop.load();
    void this.addSample();
    try {
      const {runner, runtime, supportsLights} = await loading;
      if (supportsLights) this.lights.enable();
      this.status.showTask(null);
      this.readout.setRunner(runner);
      await cacheForOffline(runtime, (isCached) => this.readout.setOffline(isCached));
    } catch (error) {
      this.status.showTask(null);
      this.status.showError(error);
    }
  }

  private addListeners(): void {
    onIncoming((files) => this.add(files.map((file) => new Photo(file))));
    onClick('cancel', () => this.workshop.cancel());
    onClick('reset', () => {
      this.sliders.look = NEUTRAL;
      this.lights.light = 'auto';
      this.changeLook(NEUTRAL);
      this.relight('auto');
    });
    onClick('useForAll', () => {
      for (const photo of this.photos) {
        photo.look = this.sliders.look;
        photo.light = this.lights.light;
      }
    });
  }

  private async addSample(): Promise<void> {
    const response = await fetch('./sample.webp').catch(() => null);
    if (!response?.ok) return;
    const content = await response.blob();
    if (this.photos.length) return; // The user was faster.
    this.add([new Photo(new File([content], 'sample.webp'), true)]);
  }

  private add(photos: Photo[]): void {
    for (const sample of this.photos.filter(({isSample}) => isSample)) this.remove(sample);
    for (const photo of photos) {
      photo.look = this.sliders.look;
      photo.light = this.lights.light;
      this.photos.push(photo);
      this.queue.add(photo);
    }
    // Select the first one now, because it is shown: it is analyzed first, with a preview for the
    // view.
    if (photos.length) this.select(photos[0]);
    for (const photo of photos) this.workshop.add(photo);
    byId('lead').textContent = photos[0]?.isSample ? this.texts.lead : this.texts.leadOwn;
    byId('lead').dataset.text = photos[0]?.isSample ? 'lead' : 'leadOwn';
    this.updateButtons();
  }

  private remove(photo: Photo): void {
    this.workshop.remove(photo);
    this.queue.remove(photo);
    this.status.removeMessagesAbout(photo);
    const index = this.photos.indexOf(photo);
    this.photos.splice(index, 1);
    if (this.selected === photo) {
      this.selected = null;
      const next = this.photos[Math.min(index, this.photos.length - 1)];
      if (next) this.select(next);
      else this.showNothing();
    }
    this.updateButtons();
  }

  private showNothing(): void {
    this.comparison.hide();
    this.readout.summarize(null);
  }

  private select(photo: Photo): void {
    if (this.selected === photo && photo.analysis) return;
    this.selected = photo;
    this.sliders.look = photo.look;
    this.lights.light = photo.light;
    this.queue.select(photo);
    this.workshop.show(photo);
    this.updatePhoto(photo);
  }

  /** Restores the picture after the GPU has lost it. */
  private restorePicture(): void {
    const photo = this.selected;
    if (!photo) return;
    photo.analysis = null;
    this.workshop.show(photo);
  }

  private changeLook(look: Photo['look']): void {
    if (!this.selected) return;
    this.selected.look = look;
    this.readout.summarize(this.selected); // The summary depends on the strength.
    this.comparison.setLook(look);
    this.follower.follow(this.selected); // A strength above 1 changes the model.
  }

  private relight(light: string): void {
    if (!this.selected) return;
    this.selected.light = light;
    this.follower.follow(this.selected);
  }

  private showAnalyzed(photo: Photo, preview: Preview): void {
    const {model, light, networkTime} = photo.analysis!;
    this.comparison.show(preview, model, photo.look);
    this.lights.markShown(light, networkTime);
    this.follower.follow(photo); // The light or the strength may have changed during the analysis.
  }

  private updatePhoto(photo: Photo): void {
    if (!this.photos.includes(photo)) return; // It was removed in the meantime.
    this.queue.update(photo);
    this.showState(photo);
    const isVisible = photo.state !== 'failed' && photo.state !== 'cancelled';
    if (photo === this.selected && !isVisible) this.comparison.hide(); // It shows another one.
    this.readout.summarize(this.selected);
    this.updateButtons();
  }

  /** Shows a message about the state of a photograph. */
  private showState(photo: Photo): void {
    if (photo.state === 'failed') {
      const problem = photo.problem!;
      this.status.show({
        text: (texts) => fillIn(texts.failed, {name: photo.name, problem: explainProblem(problem, texts)}),
        isBad: true,
        about: photo,
      });
    } else if (photo.state === 'ready' && photo.analysis) {
      const text = (texts: Texts) =>
        [fillIn(texts.ready, {name: photo.name}), leftOutText(photo.leftOut, texts)].join(' ').trim();
      this.status.show(photo.isSample ? null : {text, about: photo});
    } else if (photo.state === 'cancelled') {
      this.status.show({text: (texts) => texts.cancelled, about: photo});
    }
  }

  private showProgress(photo: Photo | null, fraction: number | null, isSaving: boolean): void {
    byId('working').hidden = fraction === null;
    byId<HTMLProgressElement>('progress').value = fraction ?? 0;
    if (!this.readout.isReady) return; // Keep the message that the model is loading.
    if (!photo) this.status.showTask(null);
    else if (fraction === 0) {
      this.status.showTask({
        text: (texts) => fillIn(isSaving ? texts.saving : texts.correcting, {name: photo.name}),
        about: photo,
      });
    }
  }

  private updateButtons(): void {
    byId('queueSection').hidden = this.photos.length === 0 || this.photos[0].isSample;
    this.saveButtons.update();
  }

  private setLanguage(language: Language): void {
    this.texts = LANGUAGES[language];
    translate(document, this.texts);
    document.title = this.texts.title;
    this.sliders.updateTexts();
    this.lights.update();
    this.comparison.updateText();
    this.queue.translate();
    this.readout.translate();
    this.status.update();
  }
}
