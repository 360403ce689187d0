import {type GainMap, withPicture} from '../files/gainMap.js';
import {withSegments} from '../files/jpegSegments.js';
import {uprightCanvas} from './canvases.js';

/**
 * Returns a gain map turned like the pixels of its photograph; null if it is damaged.
 *
 * Its picture is encoded again; what else it holds stays.
 *
 * @param gainMap the gain map as the file holds it.
 * @param orientation of the photograph, 1 to 8 as in EXIF; with 1 everything stays as it is.
 */
export async function turnedGainMap(gainMap: GainMap, orientation: number): Promise<GainMap | null> {
  if (orientation === 1) return gainMap;
  try {
    // Bare, so that no orientation of its own is applied too.
    const bare = new Blob([withSegments(gainMap.jpeg, [])], {type: 'image/jpeg'});
    const picture = await createImageBitmap(bare, {colorSpaceConversion: 'none'});
    const canvas = uprightCanvas(picture, orientation);
    const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: QUALITY});
    const jpeg = new Uint8Array(await blob.arrayBuffer());
    return withPicture(gainMap, jpeg, canvas.width, canvas.height);
  } catch {
    return null; // It does not cost the photograph.
  }
}

const QUALITY = 0.95;
