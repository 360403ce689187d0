import {textAt} from './bytes.js';
import {declareParts} from './containerDirectory.js';
import {exifOfUprightImage, orientationOf} from './exifBlock.js';
import {removeCompanions, type Xmp} from './extendedXmp.js';
import type {GainMap} from './gainMap.js';
import type {PhotoFile} from './photoFile.js';
import {swapResolution} from './resolution.js';
import {swapsAxes} from './turns.js';
import {xmpOfUprightImage} from './uprightXmp.js';

/** The metadata of a result's file. */
export interface Metadata {
  /** The EXIF block, starting at its byte order mark; null for none. */
  readonly exif: Uint8Array | null;
  readonly profile: Uint8Array | null;
  readonly xmp: Xmp | null;
  /** Further segments or chunks. */
  readonly others: Uint8Array[];
  /** For JPEG files only; null for none. */
  readonly gainMap: GainMap | null;
}

/**
 * Returns the metadata to keep from a photograph's file, adapted to the corrected, upright pixels.
 *
 * @param file the photograph's file.
 * @param width columns of the upright photograph.
 * @param height rows of the upright photograph.
 * @param gainMap the file's gain map, rotated like the pixels; null if it has none.
 */
export function uprightMetadata(
  file: PhotoFile,
  width: number,
  height: number,
  gainMap: GainMap | null,
): Metadata {
  const upright = {width, height, orientation: orientationOf(file.exif)};
  const length = gainMap && gainMap.jpeg.length;
  const xmp = file.xmp && {
    packet: declareParts(xmpOfUprightImage(file.xmp.packet, upright), length),
    extension: file.xmp.extension,
  };
  return {
    exif: file.exif && exifOfUprightImage(file.exif, width, height),
    profile: hasRgbProfile(file) ? file.profile : null,
    xmp: xmp && (file.format === 'jpeg' ? removeCompanions(xmp) : xmp),
    others: swapsAxes(upright.orientation)
      ? file.others.map((part) => swapResolution(part, file.format))
      : file.others,
    gainMap,
  };
}

/** Returns whether the file's profile is for RGB, like the pixels of the result. */
function hasRgbProfile(file: PhotoFile): boolean {
  return file.profile !== null && !file.isCmyk && textAt(file.profile, 16, 4) === 'RGB ';
}
