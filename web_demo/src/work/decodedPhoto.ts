import {type PixelSource, STRIP_ROWS} from '../core/index.js';
import {orientationOf} from '../files/exifBlock.js';
import {replaceExif} from '../files/jpegSegments.js';
import {orientationBlock} from '../files/orientationBlock.js';
import {megapixelsOver, type PhotoFile} from '../files/photoFile.js';
import {removeExif as removePngExif} from '../files/pngFile.js';
import {Problem} from '../files/problem.js';
import {removeExif as removeWebpExif} from '../files/webpFile.js';
import {getContext2d, drawUpright} from './canvases.js';
import {isCanvasUsable, canvasProblem} from './canvasLimits.js';

/**
 * A photograph decoded by the browser: upright, with pixels in the color space of the file's
 * profile.
 */
export class DecodedPhoto implements PixelSource {
  readonly width: number;
  readonly height: number;
  private readonly strip: OffscreenCanvas;
  private readonly context: OffscreenCanvasRenderingContext2D;

  private constructor(readonly bitmap: ImageBitmap) {
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.strip = new OffscreenCanvas(this.width, Math.min(STRIP_ROWS, this.height));
    this.context = getContext2d(this.strip);
    this.context.globalCompositeOperation = 'copy';
    this.context.imageSmoothingEnabled = false;
  }

  /**
   * Decodes a photograph.
   *
   * @param blob the file.
   * @param file the metadata of the file.
   * @throws Problem if it is damaged, or too large for this browser.
   */
  static async decode(blob: Blob, file: PhotoFile): Promise<DecodedPhoto> {
    checkMemory(file);
    const orientation = orientationOf(file.exif);
    if (orientation === 1) return new DecodedPhoto(await decodeBitmap(blob, file));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    if (file.format === 'jpeg') {
      // Browsers do not read every form of EXIF, but each of them reads this one.
      const plain = new Blob([replaceExif(bytes, orientationBlock(orientation))], {type: 'image/jpeg'});
      return new DecodedPhoto(await decodeBitmap(plain, file));
    }
    // Browsers differ in whether they rotate PNG and WebP files. Without EXIF, none does.
    const bare = file.format === 'png' ? removePngExif(bytes) : removeWebpExif(bytes);
    const bitmap = await decodeBitmap(new Blob([bare], {type: `image/${file.format}`}), file);
    return new DecodedPhoto(drawUpright(bitmap, orientation).transferToImageBitmap());
  }

  read(top: number, rows: number): Uint8ClampedArray {
    this.context.drawImage(this.bitmap, 0, -top);
    return this.context.getImageData(0, 0, this.width, rows).data;
  }

  /** Releases the pixels, including those of `bitmap`. */
  close(): void {
    this.strip.width = this.strip.height = 0;
    this.bitmap.close();
  }
}

async function decodeBitmap(blob: Blob, file: PhotoFile): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, {
      // Keeps the pixel values of the file. CMYK has no RGB values to keep.
      colorSpaceConversion: file.isCmyk ? 'default' : 'none',
      imageOrientation: 'from-image',
    });
  } catch {
    throw new Problem('damaged');
  }
}

/** Rejects photographs that would crash the browser, with an explanation. */
function checkMemory(file: PhotoFile): void {
  const {width, height} = file;
  // Chromium reports the device's memory, up to 8 GB. Other browsers do not.
  const gigabytes = (navigator as {deviceMemory?: number}).deviceMemory ?? 8;
  const maxPixels = (gigabytes * 2 ** 30) / 4 / BYTES_PER_PIXEL;
  if (width * height > maxPixels) {
    const most = Math.floor(maxPixels / 1e6);
    throw new Problem('tooLargeForBrowser', {megapixels: megapixelsOver(file, most), most});
  }
  const problem = canvasProblem(file, isCanvasUsable);
  if (problem) throw problem;
}

/** The decoded photograph, the corrected one, and the encoder's memory. */
const BYTES_PER_PIXEL = 12;
