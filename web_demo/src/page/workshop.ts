import {Cancelled} from '../core/index.js';
import {toProblem} from '../files/problem.js';
import {
  type Asked,
  CorrectionService,
  type Loaded,
  type Preview,
  type Relit,
  type SaveOrder,
  type Saved,
} from '../work/correctionService.js';
import type {Runner} from '../work/network.js';
import type {Photo} from './photo.js';

/** Receives the events of the workshop. */
export interface Watcher {
  /** A photograph's state or thumbnail has changed. */
  changed(photo: Photo): void;

  /** A photograph to show has been analyzed; `preview` belongs to the watcher. */
  analyzed(photo: Photo, preview: Preview): void;

  /** The progress of the current task, 0 to 1; null if there is none. */
  progress(photo: Photo | null, fraction: number | null, isSaving: boolean): void;

  runner(runner: Runner): void;
}

interface Saving {
  readonly photo: Photo;
  readonly order: SaveOrder;
  readonly done: (result: Saved) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Runs one task after another: first the photograph to show, then those to save, then the others.
 */
export class Workshop {
  /** How often all tasks were canceled. */
  cancellations = 0;

  private readonly service = new CorrectionService();
  private readonly photos: Photo[] = [];
  private readonly savings: Saving[] = [];
  private shown: Photo | null = null;
  private current: {photo: Photo; abort: AbortController} | null = null;
  private isRunning = false;
  private isGpuTried = false;
  private idle = 0;

  constructor(private readonly watcher: Watcher) {}

  /** Loads the runtime and the model. Photographs may be added in the meantime. */
  load(): Promise<Loaded> {
    return this.service.load();
  }

  add(photo: Photo): void {
    this.photos.push(photo);
    void this.run();
  }

  remove(photo: Photo): void {
    const index = this.photos.indexOf(photo);
    if (index >= 0) this.photos.splice(index, 1);
    if (this.shown === photo) this.shown = null;
    photo.isRemoved = true;
    for (const saving of this.savings.filter((each) => each.photo === photo)) {
      this.savings.splice(this.savings.indexOf(saving), 1);
      saving.failed(new Cancelled());
    }
    if (this.current?.photo === photo) this.current.abort.abort();
    photo.forget();
  }

  /** Analyzes a photograph next, and passes its preview to the watcher. */
  show(photo: Photo): void {
    if (this.shown && this.shown !== photo) this.shown.analysis = null;
    this.shown = photo;
    if (photo.state === 'cancelled') photo.state = 'waiting';
    void this.run();
  }

  /**
   * Corrects a photograph at full size. Earlier requests are served first.
   *
   * @param photo the photograph.
   * @param order the settings; by default those of this moment, even if they change before its
   *   turn.
   * @throws Cancelled if the task was canceled or the photograph was removed.
   */
  save(photo: Photo, order = photo.order): Promise<Saved> {
    return new Promise((done, failed) => {
      if (photo.isRemoved) return failed(new Cancelled());
      this.savings.push({photo, order, done, failed});
      void this.run();
    });
  }

  /** Relights the photograph on the screen, in parallel with any other task. */
  relight(photo: Photo, asked: Asked): Promise<Relit | null> {
    return this.service.relight({id: photo.id, ...asked});
  }

  /** Cancels the current task and all waiting ones. */
  cancel(): void {
    this.cancellations++;
    for (const {failed} of this.savings.splice(0)) failed(new Cancelled());
    for (const photo of this.photos) {
      if (photo.state !== 'waiting') continue;
      photo.state = 'cancelled';
      this.watcher.changed(photo);
    }
    this.current?.abort.abort();
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    clearTimeout(this.idle);
    for (;;) {
      const {shown} = this;
      const saving = this.savings[0];
      if (shown && !shown.analysis && (shown.state === 'waiting' || shown.state === 'ready')) {
        await this.analyze(shown, true);
      } else if (saving) {
        this.savings.shift();
        await this.write(saving);
      } else {
        const next = this.photos.find(({state}) => state === 'waiting');
        if (!next) break;
        await this.analyze(next, false);
      }
    }
    this.isRunning = false;
    if (!this.isGpuTried) this.idle = window.setTimeout(() => void this.tryGpu(), IDLE_TIME);
  }

  private async analyze(photo: Photo, withPreview: boolean): Promise<void> {
    photo.state = 'working';
    this.watcher.changed(photo);
    try {
      const found = await this.watched(photo, false, (options) =>
        this.service.analyze(
          {id: photo.id, blob: photo.file, ...photo.asked, previewSide: withPreview ? previewSide() : 0},
          options,
        ),
      );
      photo.thumbnail?.close();
      photo.thumbnail = found.thumbnail;
      photo.leftOut = found.leftOut;
      photo.state = 'ready';
      this.watcher.runner(found.runner);
      if (found.preview && this.shown === photo) {
        photo.analysis = {...found, preview: null};
        this.watcher.analyzed(photo, found.preview);
      } else {
        found.preview?.photo.close();
        found.preview?.repaired?.close();
      }
    } catch (error) {
      if (error instanceof Cancelled) {
        photo.state = 'cancelled';
      } else {
        photo.state = 'failed';
        photo.problem = toProblem(error);
      }
    }
    this.watcher.changed(photo);
  }

  private async write({photo, order, done, failed}: Saving): Promise<void> {
    try {
      done(await this.watched(photo, true, (options) => this.service.save(order, options)));
    } catch (error) {
      failed(error instanceof Cancelled ? error : toProblem(error));
    }
  }

  private async watched<Result>(
    photo: Photo,
    isSaving: boolean,
    work: (options: {signal: AbortSignal; onProgress: (fraction: number) => void}) => Promise<Result>,
  ): Promise<Result> {
    const abort = new AbortController();
    this.current = {photo, abort};
    const onProgress = (fraction: number) => this.watcher.progress(photo, fraction, isSaving);
    onProgress(0);
    try {
      return await work({signal: abort.signal, onProgress});
    } finally {
      this.current = null;
      this.watcher.progress(null, null, isSaving);
    }
  }

  /** Runs when idle, because it may take a second or two. */
  private async tryGpu(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = this.isGpuTried = true;
    try {
      this.watcher.runner(await this.service.tryGpu());
    } catch {
      // The CPU stays in use.
    }
    this.isRunning = false;
    void this.run();
  }
}

const IDLE_TIME = 3000; // milliseconds

/** Returns the screen's longest side in pixels, because the window may grow to it. */
function previewSide(): number {
  const longest = Math.max(screen.width, screen.height) * devicePixelRatio;
  return Math.min(Math.max(Math.round(longest), 1024), 4096);
}
