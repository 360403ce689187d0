import {applyCorrection, ArrayPixels, type LocalAffine, type Settings} from '../core/index.js';
import {contextOf} from './decodedPhoto.js';

/** Draws before and after without a graphics card: with the core, at the size of the canvas. */
export class PlainView {
  private readonly context: OffscreenCanvasRenderingContext2D;
  private photo: OffscreenCanvas | null = null;
  private before: ImageData | null = null;
  private after: ImageData | null = null;
  private model: LocalAffine | null = null;
  private settings: Settings | null = null;

  constructor(private readonly canvas: OffscreenCanvas) {
    this.context = contextOf(canvas);
  }

  setPhoto(photo: ImageBitmap): void {
    // Kept no larger than a screen shows: it is corrected again at every move of a slider.
    const scale = Math.min(1, LARGEST_SIDE / Math.max(photo.width, photo.height));
    this.photo = new OffscreenCanvas(
      Math.max(Math.round(photo.width * scale), 1), Math.max(Math.round(photo.height * scale), 1));
    contextOf(this.photo).drawImage(photo, 0, 0, this.photo.width, this.photo.height);
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
      this.context.drawImage(this.photo, 0, 0, width, height);
      this.before = this.context.getImageData(0, 0, width, height);
      this.after = null;
    }
    if (!this.after) {
      const after = new ImageData(width, height);
      await applyCorrection(
        this.model, new ArrayPixels(width, height, this.before.data),
        new ArrayPixels(width, height, after.data), this.settings);
      this.after = after;
    }
    const edge = Math.round(divider * width);
    this.context.putImageData(this.after, 0, 0);
    if (edge > 0) this.context.putImageData(this.before, 0, 0, 0, 0, edge, height);
  }
}

const LARGEST_SIDE = 2048;
