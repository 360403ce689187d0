import type {Look, PlainModel, Preview} from '../work/correctionService.js';
import {type ViewEvent, ViewService} from '../work/viewService.js';
import {filled, type Texts} from './texts.js';

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
const MOST_OF_THE_HEIGHT = 0.6;

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
   * @param showAgain is called after the GPU has lost the picture.
   */
  constructor(
    private readonly frame: HTMLElement,
    private readonly divider: HTMLElement,
    private readonly texts: () => Texts,
    private readonly showAgain: () => void,
  ) {
    this.canvas = frame.querySelector('canvas')!;
    this.view = this.startView();
    new ResizeObserver(() => this.fit()).observe(frame.parentElement!);
    addEventListener('resize', () => this.fit());
    this.listen();
  }

  /** Shows a photograph and takes ownership of its bitmaps. */
  show(preview: Preview, model: PlainModel, look: Look): void {
    this.size = [preview.photo.width, preview.photo.height];
    this.frame.hidden = false;
    this.fit();
    this.view.show(preview, model, look);
  }

  hide(): void {
    this.frame.hidden = true;
    this.size = [0, 0];
  }

  setModel(model: PlainModel): void {
    this.view.setModel(model);
  }

  setLook(look: Look): void {
    this.view.setLook(look);
  }

  /** Updates the divider's accessible text, for example after a change of language. */
  describe(): void {
    this.divider.setAttribute('aria-valuenow', String(this.percent));
    const text = filled(this.texts().dividerValue, {percent: this.percent});
    this.divider.setAttribute('aria-valuetext', text);
  }

  private startView(): ViewService {
    this.canvas.dataset.drawn = '0';
    return new ViewService(this.canvas, this.withGpu, (event) => this.take(event));
  }

  private take(event: ViewEvent): void {
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
    this.showAgain();
  }

  /**
   * Makes the frame as large as the layout allows, and the canvas no larger than the photograph.
   */
  private fit(): void {
    const [width, height] = this.size;
    if (this.frame.hidden || width === 0) return;
    const room = this.frame.parentElement!;
    const columns = getComputedStyle(room).gridTemplateColumns.split(' ');
    const widest = parseFloat(columns[0]);
    const highest = Math.max(innerHeight * MOST_OF_THE_HEIGHT, 240);
    const scale = Math.min(widest / width, highest / height);
    const shown = [Math.max(width * scale, 1), Math.max(height * scale, 1)];
    this.frame.style.width = `${shown[0]}px`;
    this.frame.style.height = `${shown[1]}px`;
    const dense = Math.min(scale * devicePixelRatio, 1);
    this.view.setSize(Math.max(Math.round(width * dense), 1), Math.max(Math.round(height * dense), 1));
  }

  private listen(): void {
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
      this.set(this.percent + step);
    });
  }

  private moveTo(event: PointerEvent): void {
    const {left, width} = this.frame.getBoundingClientRect();
    this.set(((event.clientX - left) / width) * 100);
  }

  private set(percent: number): void {
    this.percent = Math.round(Math.min(Math.max(percent, 0), 100));
    this.divider.style.left = `${this.percent}%`;
    this.view.setDivider(this.percent / 100);
    this.describe();
  }
}
