import type {LeftOut} from './companions.js';
import type {Xmp} from './extendedXmp.js';
import type {GainMap} from './gainMap.js';

/** Everything in a photograph's file except the pixels, which are not decoded. */
export interface PhotoFile {
  readonly format: 'jpeg' | 'png' | 'webp';

  /** Columns as stored, before EXIF's orientation is applied. */
  readonly width: number;

  /** Rows as stored. */
  readonly height: number;

  /** The EXIF block, starting at its byte order mark; null if there is none. */
  readonly exif: Uint8Array | null;

  /** The color profile; null if there is none. */
  readonly profile: Uint8Array | null;

  /** The XMP; null if there is none. */
  readonly xmp: Xmp | null;

  /**
   * Other data kept byte for byte: a JPEG's captions and comments, a PNG's text and color chunks.
   */
  readonly others: Uint8Array[];

  /** The gain map that makes a JPEG an HDR photograph; null if there is none. */
  readonly gainMap: GainMap | null;

  /** Contents that a correction cannot keep. */
  readonly leftOut: LeftOut[];

  readonly isGray: boolean;
  readonly isCmyk: boolean;

  /** Whether some pixels may not be opaque. */
  readonly hasAlpha: boolean;

  readonly isAnimated: boolean;

  /** Whether the file is complete. */
  readonly isComplete: boolean;
}

/** Returns the megapixels, rounded to tenths. */
export function megapixels({width, height}: {width: number; height: number}): number {
  return Math.round((width * height) / 1e5) / 10;
}

/** Returns the megapixels of a photograph that is too large, without rounding them to the limit. */
export function megapixelsOver(file: {width: number; height: number}, limit: number): number {
  return Math.max(megapixels(file), Math.round(limit * 10 + 1) / 10);
}
