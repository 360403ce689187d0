import type {Look, Preview, TransferableModel} from './correctionService.js';
import {startWorker} from './startWorker.js';
import workerScript from './viewWorker.ts?worker&url';

/** The messages from the page to the drawing worker, each with its argument. */
export interface ViewMessages {
  start: {readonly canvas: OffscreenCanvas; readonly withGpu: boolean};
  show: {readonly preview: Preview; readonly model: TransferableModel; readonly look: Look};
  look: Look;
  model: TransferableModel;
  size: {readonly width: number; readonly height: number};
  divider: number;
}

/** The messages from the drawing worker to the page. */
export type ViewEvent =
  | {readonly event: 'started'; readonly renderer: 'webgl' | 'plain'}
  | {readonly event: 'drawn'}
  | {readonly event: 'lost'};

/** The page's interface to the worker that draws before and after into a canvas. */
export class ViewService {
  private readonly worker = startWorker(workerScript);

  /**
   * @param canvas the page's canvas, whose control passes to the worker.
   * @param withGpu whether to try WebGL2.
   * @param onEvent receives the worker's messages.
   */
  constructor(canvas: HTMLCanvasElement, withGpu: boolean, onEvent: (event: ViewEvent) => void) {
    this.worker.addEventListener('message', ({data}: MessageEvent<ViewEvent>) => onEvent(data));
    const offscreen = canvas.transferControlToOffscreen();
    this.send('start', {canvas: offscreen, withGpu}, [offscreen]);
  }

  /** Shows a photograph and transfers its bitmaps to the worker. */
  show(preview: Preview, model: TransferableModel, look: Look): void {
    const {photo, repaired} = preview;
    this.send('show', {preview, model, look}, repaired ? [photo, repaired] : [photo]);
  }

  /** Changes the model that corrects the photograph on the screen. */
  setModel(model: TransferableModel): void {
    this.send('model', model);
  }

  setLook(look: Look): void {
    this.send('look', look);
  }

  /** Sets the canvas's size in physical pixels. */
  setSize(width: number, height: number): void {
    this.send('size', {width, height});
  }

  /** Sets the fraction of the width, from the left, that shows the photograph uncorrected. */
  setDivider(share: number): void {
    this.send('divider', share);
  }

  /** Terminates the worker. */
  stop(): void {
    this.worker.terminate();
  }

  private send<Name extends keyof ViewMessages>(
    name: Name,
    argument: ViewMessages[Name],
    transfer: Transferable[] = [],
  ): void {
    this.worker.postMessage({name, argument}, transfer);
  }
}
