import type {Look, PlainModel, Preview} from './correctionService.js';
import {startWorker} from './startWorker.js';
import workerScript from './viewWorker.ts?worker&url';

/** What the page tells the worker that draws, each order with its argument. */
export interface ViewOrder {
  start: {readonly canvas: OffscreenCanvas; readonly withGpu: boolean};
  show: {readonly preview: Preview; readonly model: PlainModel; readonly look: Look};
  look: Look;
  model: PlainModel;
  size: {readonly width: number; readonly height: number};
  divider: number;
}

/** What it tells the page. */
export type ViewEvent =
  | {readonly event: 'started'; readonly renderer: 'webgl' | 'plain'}
  | {readonly event: 'drawn'}
  | {readonly event: 'lost'};

/** The worker that draws before and after into a canvas, as the page calls it. */
export class ViewService {
  private readonly worker = startWorker(workerScript);

  /**
   * @param canvas the page's; it belongs to the worker from now on.
   * @param withGpu whether WebGL2 is tried.
   * @param onEvent is told what happens.
   */
  constructor(canvas: HTMLCanvasElement, withGpu: boolean, onEvent: (event: ViewEvent) => void) {
    this.worker.addEventListener('message', ({data}: MessageEvent<ViewEvent>) => onEvent(data));
    const given = canvas.transferControlToOffscreen();
    this.tell('start', {canvas: given, withGpu}, [given]);
  }

  /** Shows a photograph, which is handed over. */
  show(preview: Preview, model: PlainModel, look: Look): void {
    const {photo, repaired} = preview;
    this.tell('show', {preview, model, look}, repaired ? [photo, repaired] : [photo]);
  }

  /** Corrects the photograph that is shown by another model. */
  setModel(model: PlainModel): void {
    this.tell('model', model);
  }

  setLook(look: Look): void {
    this.tell('look', look);
  }

  /** Sets the canvas's size in its own pixels. */
  setSize(width: number, height: number): void {
    this.tell('size', {width, height});
  }

  /** Sets the share of the width, from the left, that shows the photograph uncorrected. */
  setDivider(share: number): void {
    this.tell('divider', share);
  }

  /** Ends the worker. */
  stop(): void {
    this.worker.terminate();
  }

  private tell<Name extends keyof ViewOrder>(
    name: Name,
    argument: ViewOrder[Name],
    transfer: Transferable[] = [],
  ): void {
    this.worker.postMessage({name, argument}, transfer);
  }
}
