import {type GainMap, withPicture} from '../files/gainMap.js';
import {withSegments} from '../files/jpegSegments.js';
import {contextOf} from './decodedPhoto.js';

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
    const {width, height} = picture;
    const canvas = orientation > 4 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
    const context = contextOf(canvas);
    context.setTransform(...turn(orientation, width, height));
    context.drawImage(picture, 0, 0);
    picture.close();
    const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: QUALITY});
    const jpeg = new Uint8Array(await blob.arrayBuffer());
    return withPicture(gainMap, jpeg, canvas.width, canvas.height);
  } catch {
    return null; // It does not cost the photograph.
  }
}

/** The matrix that makes a picture of an orientation upright. */
function turn(
  orientation: number,
  width: number,
  height: number,
): [number, number, number, number, number, number] {
  switch (orientation) {
    case 2:
      return [-1, 0, 0, 1, width, 0];
    case 3:
      return [-1, 0, 0, -1, width, height];
    case 4:
      return [1, 0, 0, -1, 0, height];
    case 5:
      return [0, 1, 1, 0, 0, 0];
    case 6:
      return [0, 1, -1, 0, height, 0];
    case 7:
      return [0, -1, -1, 0, height, width];
    case 8:
      return [0, -1, 1, 0, 0, width];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}

const QUALITY = 0.95;
