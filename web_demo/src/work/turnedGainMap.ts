import {type GainMap, replaceImage} from '../files/gainMap.js';
import {replaceSegments} from '../files/jpegSegments.js';
import {drawUpright} from './canvases.js';

/**
 * Returns a gain map rotated like the pixels of its photograph; null if it is damaged.
 *
 * Its image is re-encoded; everything else stays.
 *
 * @param gainMap the gain map as stored in the file.
 * @param orientation orientation of the photograph, 1 to 8 as in EXIF; 1 changes nothing.
 */
export async function rotateGainMap(gainMap: GainMap, orientation: number): Promise<GainMap | null> {
  if (orientation === 1) return gainMap;
  try {
    // Without segments, so that its own orientation is not applied too.
    const bare = new Blob([replaceSegments(gainMap.jpeg, [])], {type: 'image/jpeg'});
    const picture = await createImageBitmap(bare, {colorSpaceConversion: 'none'});
    const canvas = drawUpright(picture, orientation);
    const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: QUALITY});
    const jpeg = new Uint8Array(await blob.arrayBuffer());
    return replaceImage(gainMap, jpeg, canvas.width, canvas.height);
  } catch {
    return null; // The photograph itself is still usable.
  }
}

const QUALITY = 0.95;
