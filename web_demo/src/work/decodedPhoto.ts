import {type PixelSource, STRIP_ROWS} from '../core/index.js';
import {orientationOf} from '../files/exifBlock.js';
import {megapixelsOver, type PhotoFile} from '../files/photoFile.js';
import {Problem} from '../files/problem.js';
import {withoutExif} from '../files/webpFile.js';
import {contextOf, uprightCanvas} from './canvases.js';
import {canvasWorks, refusedByCanvas} from './canvasLimits.js';

/** A photograph as the browser decoded it, upright, its pixels in the space of the file's profile. */
export class DecodedPhoto implements PixelSource {
  readonly width: number;
  readonly height: number;
  private readonly strip: OffscreenCanvas;
  private readonly context: OffscreenCanvasRenderingContext2D;

  private constructor(readonly bitmap: ImageBitmap) {
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.strip = new OffscreenCanvas(this.width, Math.min(STRIP_ROWS, this.height));
    this.context = contextOf(this.strip);
    this.context.globalCompositeOperation = 'copy';
    this.context.imageSmoothingEnabled = false;
  }

  /**
   * Decodes a photograph.
   *
   * @param blob the file.
   * @param file what it says of itself.
   * @throws Problem if it is damaged, or too large for this browser.
   */
  static async decode(blob: Blob, file: PhotoFile): Promise<DecodedPhoto> {
    checkMemory(file);
    const orientation = file.format === 'webp' ? orientationOf(file.exif) : 1;
    if (orientation === 1) return new DecodedPhoto(await decoded(blob, file));
    // Some browsers turn WebP files, and Chromium does not: with no EXIF, none does.
    const bare = new Blob([withoutExif(new Uint8Array(await blob.arrayBuffer()))], {type: 'image/webp'});
    const canvas = uprightCanvas(await decoded(bare, file), orientation);
    return new DecodedPhoto(canvas.transferToImageBitmap());
  }

  read(top: number, rows: number): Uint8ClampedArray {
    this.context.drawImage(this.bitmap, 0, -top);
    return this.context.getImageData(0, 0, this.width, rows).data;
  }

  /** Lets go of the pixels; `bitmap` may be kept by others. */
  close(): void {
    this.strip.width = this.strip.height = 0;
    this.bitmap.close();
  }
}

async function decoded(blob: Blob, file: PhotoFile): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, {
      // The numbers stay those of the file. CMYK has none that could stay.
      colorSpaceConversion: file.cmyk ? 'default' : 'none',
      imageOrientation: 'from-image',
    });
  } catch {
    throw new Problem('damaged');
  }
}

/** Refuses in words what would end in a browser that crashes. */
function checkMemory(file: PhotoFile): void {
  const {width, height} = file;
  // Chromium tells how much memory there is, up to 8 GB; others do not.
  const gigabytes = (navigator as {deviceMemory?: number}).deviceMemory ?? 8;
  const most = (gigabytes * 2 ** 30) / 4 / BYTES_PER_PIXEL;
  if (width * height > most) {
    const megapixels = Math.floor(most / 1e6);
    throw new Problem('tooLargeForBrowser', {
      megapixels: megapixelsOver(file, megapixels),
      most: megapixels,
    });
  }
  const refused = refusedByCanvas(file, canvasWorks);
  if (refused) throw refused;
}

/** The decoded photograph, the corrected one, and what their encoder takes. */
const BYTES_PER_PIXEL = 12;
