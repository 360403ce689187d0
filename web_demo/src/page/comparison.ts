import type {Look, Preview, TransferableModel} from '../work/correctionService.js';
import {type ViewEvent, ViewService} from '../work/viewService.js';
import {fillIn, type Texts} from './texts.js';

const KEY_STEPS: Record<string, number> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

/** Keeps the thumbnails below the picture in view. */
const MAX_HEIGHT_SHARE = 0.6;

/** The picture with its divider between before and after. */
export class Comparison {
  private view: ViewService;
  private canvas: HTMLCanvasElement;
  private size: [number, number] = [0, 0];
  private percent = 50;
  private withGpu = true;

  /**
   * @param frame the element around picture and divider.
   * @param divider the divider, with the role of a slider.
   * @param texts returns the texts of the current language.
   * @param onContextLost is called after the GPU has lost the picture.
   */
  constructor(
    private readonly frame: HTMLElement,
    private readonly divider: HTMLElement,
    private readonly texts: () => Texts,
    private readonly onContextLost: () => void,
  ) {
    this.canvas = frame.querySelector('canvas')!;
    this.view = this.startView();
    new ResizeObserver(() => this.fit()).observe(frame.parentElement!);
    addEventListener('resize', () => this.fit());
    this.addListeners();
  }

  /** Shows a photograph and takes ownership of its bitmaps. */
  show(preview: Preview, model: TransferableModel, look: Look): void {
    this.size = [preview.photo.width, preview.photo.height];
    this.frame.hidden = false;
    this.fit();
    this.view.show(preview, model, look);
  }

  hide(): void {
    this.frame.hidden = true;
    this.size = [0, 0];
  }

  setModel(model: TransferableModel): void {
    this.view.setModel(model);
  }

  setLook(look: Look): void {
    this.view.setLook(look);
  }

  /** Updates the divider's accessible text, for example after a change of language. */
  updateText(): void {
    this.divider.setAttribute('aria-valuenow', String(this.percent));
    const text = fillIn(this.texts().dividerValue, {percent: this.percent});
    this.divider.setAttribute('aria-valuetext', text);
  }

  private startView(): ViewService {
    this.canvas.dataset.drawn = '0';
    return new ViewService(this.canvas, this.withGpu, (event) => this.handleEvent(event));
  }

  private handleEvent(event: ViewEvent): void {
    const {dataset} = this.canvas;
    if (event.event === 'started') dataset.renderer = event.renderer;
    else if (event.event === 'drawn') dataset.drawn = String(Number(dataset.drawn) + 1);
    else this.startWithoutGpu();
  }

  /** Replaces the canvas, because one that has lost its WebGL context takes no other. */
  private startWithoutGpu(): void {
    this.view.stop();
    const fresh = this.canvas.cloneNode() as HTMLCanvasElement;
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    this.withGpu = false;
    this.view = this.startView();
    this.view.setDivider(this.percent / 100);
    this.fit();
    this.onContextLost();
  }

  /**
   * Makes the frame as large as the layout allows, and the canvas no larger than the photograph.
   */
  private fit(): void {
    const [width, height] = this.size;
    if (this.frame.hidden || width === 0) return;
    const container = this.frame.parentElement!;
    const columns = getComputedStyle(container).gridTemplateColumns.split(' ');
    const maxWidth = parseFloat(columns[0]);
    const maxHeight = Math.max(innerHeight * MAX_HEIGHT_SHARE, 240);
    const scale = Math.min(maxWidth / width, maxHeight / height);
    const shown = [Math.max(width * scale, 1), Math.max(height * scale, 1)];
    this.frame.style.width = `${shown[0]}px`;
    this.frame.style.height = `${shown[1]}px`;
    const pixelScale = Math.min(scale * devicePixelRatio, 1);
    this.view.setSize(
      Math.max(Math.round(width * pixelScale), 1),
      Math.max(Math.round(height * pixelScale), 1),
    );
  }

  private addListeners(): void {
    this.frame.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.frame.setPointerCapture(event.pointerId);
      this.moveTo(event);
    });
    this.frame.addEventListener('pointermove', (event) => {
      if (this.frame.hasPointerCapture(event.pointerId)) this.moveTo(event);
    });
    this.divider.addEventListener('keydown', (event) => {
      const step = KEY_STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.setPercent(this.percent + step);
    });
  }

  private moveTo(event: PointerEvent): void {
    const {left, width} = this.frame.getBoundingClientRect();
    this.setPercent(((event.clientX - left) / width) * 100);
  }

  private setPercent(percent: number): void {
    this.percent = Math.round(Math.min(Math.max(percent, 0), 100));
    this.divider.style.left = `${this.percent}%`;
    this.view.setDivider(this.percent / 100);
    this.updateText();
  }
}
