import type {LeftOut} from './companions.js';
import type {Xmp} from './extendedXmp.js';
import type {GainMap} from './gainMap.js';

/** What a photograph's file says beside its pixels; nothing is decoded. */
export interface PhotoFile {
  readonly format: 'jpeg' | 'png' | 'webp';

  /** Columns as they are stored, before EXIF's orientation is applied. */
  readonly width: number;

  /** Rows as they are stored. */
  readonly height: number;

  /** The EXIF block, from its byte order on; null if there is none. */
  readonly exif: Uint8Array | null;

  /** The color profile; null if there is none. */
  readonly profile: Uint8Array | null;

  /** The XMP; null if there is none. */
  readonly xmp: Xmp | null;

  /** What else is kept byte for byte: a JPEG's captions and comments, a PNG's texts and color chunks. */
  readonly others: Uint8Array[];

  /** What makes a JPEG an HDR photograph; null if there is none. */
  readonly gainMap: GainMap | null;

  /** What it holds that a correction cannot keep. */
  readonly leftOut: LeftOut[];

  readonly gray: boolean;
  readonly cmyk: boolean;

  /** Whether there may be pixels that are not opaque. */
  readonly alpha: boolean;

  readonly animated: boolean;

  /** Whether the file goes on to its end. */
  readonly whole: boolean;
}

/** Millions of pixels, rounded to tenths. */
export function megapixels({width, height}: {width: number; height: number}): number {
  return Math.round((width * height) / 1e5) / 10;
}

/** Millions of pixels of a photograph that has more than allowed, and not rounded to what is. */
export function megapixelsOver(file: {width: number; height: number}, most: number): number {
  return Math.max(megapixels(file), Math.round(most * 10 + 1) / 10);
}
