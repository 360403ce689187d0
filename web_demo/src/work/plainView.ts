import {applyCorrection, ArrayPixels, type LocalAffine, type Settings} from '../core/index.js';
import {getContext2d} from './canvases.js';

/** Draws before and after without a GPU, by correcting at the size of the canvas. */
export class PlainView {
  private readonly context: OffscreenCanvasRenderingContext2D;
  private photo: OffscreenCanvas | null = null;
  private repaired: OffscreenCanvas | null = null;
  private before: ImageData | null = null;
  private after: ImageData | null = null;
  private model: LocalAffine | null = null;
  private settings: Settings | null = null;

  constructor(private readonly canvas: OffscreenCanvas) {
    this.context = getContext2d(canvas);
  }

  setPhoto(photo: ImageBitmap, repaired: ImageBitmap | null): void {
    this.photo = copyForScreen(photo);
    this.repaired = repaired && copyForScreen(repaired);
    this.before = this.after = null;
  }

  setModel(model: LocalAffine): void {
    this.model = model;
    this.after = null;
  }

  setSettings(settings: Settings): void {
    this.settings = settings;
    this.after = null;
  }

  async draw(divider: number): Promise<void> {
    const {width, height} = this.canvas;
    if (!this.photo || !this.model || !this.settings || width === 0 || height === 0) return;
    if (!this.before || this.before.width !== width || this.before.height !== height) {
      this.before = this.resizeToCanvas(this.photo);
      this.after = null;
    }
    if (!this.after) {
      const isRepaired = this.repaired && this.settings.strength > 0;
      const source = isRepaired ? this.resizeToCanvas(this.repaired!) : this.before;
      const after = new ImageData(width, height);
      await applyCorrection(
        this.model,
        new ArrayPixels(width, height, source.data),
        new ArrayPixels(width, height, after.data),
        this.settings,
      );
      this.after = after;
    }
    const edge = Math.round(divider * width);
    this.context.putImageData(this.after, 0, 0);
    if (edge > 0) this.context.putImageData(this.before, 0, 0, 0, 0, edge, height);
  }

  private resizeToCanvas(photo: OffscreenCanvas): ImageData {
    const {width, height} = this.canvas;
    this.context.drawImage(photo, 0, 0, width, height);
    return this.context.getImageData(0, 0, width, height);
  }
}

/** Returns a copy no larger than a screen, because every move of a slider corrects it again. */
function copyForScreen(photo: ImageBitmap): OffscreenCanvas {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(photo.width, photo.height));
  const copy = new OffscreenCanvas(
    Math.max(Math.round(photo.width * scale), 1),
    Math.max(Math.round(photo.height * scale), 1),
  );
  getContext2d(copy).drawImage(photo, 0, 0, copy.width, copy.height);
  return copy;
}

const LARGEST_SIDE = 2048;
