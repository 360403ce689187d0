import {Cancelled} from '../core/index.js';
import {toProblem} from '../files/problem.js';
import {
  type LightRequest,
  CorrectionService,
  type LoadResponse,
  type Preview,
  type RelightResponse,
  type SaveRequest,
  type SaveResponse,
} from '../work/correctionService.js';
import type {Runner} from '../work/network.js';
import type {Photo} from './photo.js';

/** Receives the events of the workshop. */
export interface WorkshopListener {
  /** A photograph's state or thumbnail has changed. */
  changed(photo: Photo): void;

  /** A photograph to show has been analyzed; `preview` belongs to the listener. */
  analyzed(photo: Photo, preview: Preview): void;

  /** The progress of the current task, 0 to 1; null if there is none. */
  progress(photo: Photo | null, fraction: number | null, isSaving: boolean): void;

  runner(runner: Runner): void;
}

interface PendingSave {
  readonly photo: Photo;
  readonly request: SaveRequest;
  readonly resolve: (result: SaveResponse) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs one task after another: first the photograph to show, then those to save, then the others.
 */
export class Workshop {
  /** How often all tasks were canceled. */
  cancellations = 0;

  private readonly service = new CorrectionService();
  private readonly photos: Photo[] = [];
  private readonly pendingSaves: PendingSave[] = [];
  private shown: Photo | null = null;
  private current: {photo: Photo; controller: AbortController} | null = null;
  private isRunning = false;
  private isGpuTried = false;
  private idleTimer = 0;

  constructor(private readonly listener: WorkshopListener) {}

  /** Loads the runtime and the model. Photographs may be added in the meantime. */
  load(): Promise<LoadResponse> {
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
    for (const pendingSave of this.pendingSaves.filter((save) => save.photo === photo)) {
      this.pendingSaves.splice(this.pendingSaves.indexOf(pendingSave), 1);
      pendingSave.reject(new Cancelled());
    }
    if (this.current?.photo === photo) this.current.controller.abort();
    photo.release();
  }

  /** Analyzes a photograph next, and passes its preview to the listener. */
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
   * @param request the settings; by default those of this moment, even if they change before its
   *   turn.
   * @throws Cancelled if the task was canceled or the photograph was removed.
   */
  save(photo: Photo, request = photo.saveRequest): Promise<SaveResponse> {
    return new Promise((resolve, reject) => {
      if (photo.isRemoved) return reject(new Cancelled());
      this.pendingSaves.push({photo, request, resolve, reject});
      void this.run();
    });
  }

  /** Relights the photograph on the screen, in parallel with any other task. */
  relight(photo: Photo, lightRequest: LightRequest): Promise<RelightResponse | null> {
    return this.service.relight({id: photo.id, ...lightRequest});
  }

  /** Cancels the current task and all waiting ones. */
  cancel(): void {
    this.cancellations++;
    for (const {reject} of this.pendingSaves.splice(0)) reject(new Cancelled());
    for (const photo of this.photos) {
      if (photo.state !== 'waiting') continue;
      photo.state = 'cancelled';
      this.listener.changed(photo);
    }
    this.current?.controller.abort();
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    clearTimeout(this.idleTimer);
    for (;;) {
      const {shown} = this;
      const pendingSave = this.pendingSaves[0];
      if (shown && !shown.analysis && (shown.state === 'waiting' || shown.state === 'ready')) {
        await this.analyze(shown, true);
      } else if (pendingSave) {
        this.pendingSaves.shift();
        await this.runSave(pendingSave);
      } else {
        const next = this.photos.find(({state}) => state === 'waiting');
        if (!next) break;
        await this.analyze(next, false);
      }
    }
    this.isRunning = false;
    if (!this.isGpuTried) this.idleTimer = window.setTimeout(() => void this.tryGpu(), IDLE_TIME);
  }

  private async analyze(photo: Photo, withPreview: boolean): Promise<void> {
    photo.state = 'working';
    this.listener.changed(photo);
    const request = {
      id: photo.id,
      blob: photo.file,
      ...photo.lightRequest,
      previewSide: withPreview ? previewSide() : 0,
    };
    try {
      const response = await this.runTask(photo, false, (options) => this.service.analyze(request, options));
      photo.thumbnail?.close();
      photo.thumbnail = response.thumbnail;
      photo.leftOut = response.leftOut;
      photo.state = 'ready';
      this.listener.runner(response.runner);
      if (response.preview && this.shown === photo) {
        photo.analysis = {...response, preview: null};
        this.listener.analyzed(photo, response.preview);
      } else {
        response.preview?.photo.close();
        response.preview?.repaired?.close();
      }
    } catch (error) {
      if (error instanceof Cancelled) {
        photo.state = 'cancelled';
      } else {
        photo.state = 'failed';
        photo.problem = toProblem(error);
      }
    }
    this.listener.changed(photo);
  }

  private async runSave({photo, request, resolve, reject}: PendingSave): Promise<void> {
    try {
      resolve(await this.runTask(photo, true, (options) => this.service.save(request, options)));
    } catch (error) {
      reject(error instanceof Cancelled ? error : toProblem(error));
    }
  }

  private async runTask<Result>(
    photo: Photo,
    isSaving: boolean,
    work: (options: {signal: AbortSignal; onProgress: (fraction: number) => void}) => Promise<Result>,
  ): Promise<Result> {
    const controller = new AbortController();
    this.current = {photo, controller};
    const onProgress = (fraction: number) => this.listener.progress(photo, fraction, isSaving);
    onProgress(0);
    try {
      return await work({signal: controller.signal, onProgress});
    } finally {
      this.current = null;
      this.listener.progress(null, null, isSaving);
    }
  }

  /** Runs when idle, because it may take a second or two. */
  private async tryGpu(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = this.isGpuTried = true;
    try {
      this.listener.runner(await this.service.tryGpu());
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
