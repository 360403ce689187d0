import type {Preview} from '../work/correctionService.js';
import {Comparison} from './comparison.js';
import {byId, onClick} from './elements.js';
import {onIncoming} from './incoming.js';
import {LightFollower} from './lightFollower.js';
import {LightPanel} from './lightPanel.js';
import {keepForOffline} from './offline.js';
import {followLanguage, type Language, LANGUAGES} from './language.js';
import {NEUTRAL, Photo} from './photo.js';
import {QueueList} from './queueList.js';
import {Readout} from './readout.js';
import {SaveButtons} from './saveButtons.js';
import {Sliders} from './sliders.js';
import {StatusLine} from './statusLine.js';
import {explained, filled, leftOutText, type Texts, translate} from './texts.js';
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
    this.showAgain(),
  );
  private readonly sliders = new Sliders(this.getTexts, (look) => this.change(look));
  private readonly lights = new LightPanel(byId('comparison'), this.getTexts, (light) => this.relight(light));
  private readonly queue = new QueueList(
    byId('queue'),
    this.getTexts,
    (photo) => this.select(photo),
    (photo) => this.remove(photo),
  );
  private readonly workshop = new Workshop({
    changed: (photo) => this.updated(photo),
    analyzed: (photo, preview) => this.showNew(photo, preview),
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
    (photo, asked) => this.workshop.relight(photo, asked),
    (photo, {model, wholeTime}) => {
      this.comparison.setModel(model);
      this.lights.shows(photo.analysis!.light, wholeTime);
      this.readout.summarize(photo);
    },
    (error) => this.status.complain(error),
  );

  /** Loads everything and shows the sample. */
  async start(): Promise<void> {
    this.listen();
    followLanguage((language) => this.setLanguage(language));
    this.status.sayAtWork({text: (texts) => texts.loading});
    void this.readout.nameModel();
    const loading = this.workshop.load();
    void this.addSample();
    try {
      const {runner, runtime, takesLights} = await loading;
      if (takesLights) this.lights.enable();
      this.status.sayAtWork(null);
      this.readout.setRunner(runner);
      await keepForOffline(runtime, (isKept) => this.readout.setKept(isKept));
    } catch (error) {
      this.status.sayAtWork(null);
      this.status.complain(error);
    }
  }

  private listen(): void {
    onIncoming((files) => this.add(files.map((file) => new Photo(file))));
    onClick('cancel', () => this.workshop.cancel());
    onClick('reset', () => {
      this.sliders.look = NEUTRAL;
      this.lights.light = 'auto';
      this.change(NEUTRAL);
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
    this.status.forget(photo);
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
    this.updated(photo);
  }

  /** Restores the picture after the GPU has lost it. */
  private showAgain(): void {
    const photo = this.selected;
    if (!photo) return;
    photo.analysis = null;
    this.workshop.show(photo);
  }

  private change(look: Photo['look']): void {
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

  private showNew(photo: Photo, preview: Preview): void {
    const {model, light, networkTime} = photo.analysis!;
    this.comparison.show(preview, model, photo.look);
    this.lights.shows(light, networkTime);
    this.follower.follow(photo); // The light or the strength may have changed during the analysis.
  }

  private updated(photo: Photo): void {
    if (!this.photos.includes(photo)) return; // It was removed in the meantime.
    this.queue.update(photo);
    if (photo.state === 'failed') {
      const problem = photo.problem!;
      this.status.say({
        text: (texts) => filled(texts.failed, {name: photo.name, problem: explained(problem, texts)}),
        isBad: true,
        about: photo,
      });
    } else if (photo.state === 'ready' && photo.analysis) {
      const text = (texts: Texts) =>
        [filled(texts.ready, {name: photo.name}), leftOutText(photo.leftOut, texts)].join(' ').trim();
      this.status.say(photo.isSample ? null : {text, about: photo});
    } else if (photo.state === 'cancelled') {
      this.status.say({text: (texts) => texts.cancelled, about: photo});
    }
    const isSeen = photo.state !== 'failed' && photo.state !== 'cancelled';
    if (photo === this.selected && !isSeen) this.comparison.hide(); // It shows another one.
    this.readout.summarize(this.selected);
    this.updateButtons();
  }

  private showProgress(photo: Photo | null, fraction: number | null, isSaving: boolean): void {
    byId('working').hidden = fraction === null;
    byId<HTMLProgressElement>('progress').value = fraction ?? 0;
    if (!this.readout.isReady) return; // Keep the message that the model is loading.
    if (!photo) this.status.sayAtWork(null);
    else if (fraction === 0) {
      this.status.sayAtWork({
        text: (texts) => filled(isSaving ? texts.saving : texts.correcting, {name: photo.name}),
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
    this.sliders.describe();
    this.lights.describe();
    this.comparison.describe();
    this.queue.translate();
    this.readout.describe();
    this.status.describe();
  }
}
