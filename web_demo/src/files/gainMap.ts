/**
 * The gain map of an HDR photograph: a second JPEG image after the first.
 *
 * It says, for each position, how much brighter the HDR rendition is than the image that every
 * viewer shows. Matches `keras_f2a.imaging.gain_map` in the Python package.
 */
import {find, joined, startsWith} from './bytes.js';
import {declaresGainMap, GAIN_MAP_ITEM, itemsOf} from './containerDirectory.js';
import {exifOfUprightImage} from './exifBlock.js';
import {xmpOf} from './extendedXmp.js';
import {
  APP1,
  APP2,
  bytesOf,
  exifOf,
  exifSegments,
  readSegments,
  type Segment,
  withSegments,
} from './jpegSegments.js';
import {INDEX_LENGTH, indexOfTwo, isIndex} from './multiPicture.js';

/** A gain map as stored in a file. */
export interface GainMap {
  /** The image, including the segments with its parameters. */
  readonly jpeg: Uint8Array;
  /** The primary image's segments that declare the gain map, except XMP. */
  readonly announcement: Segment[];
}

/** A gain map and its position in the file. */
export interface FoundGainMap {
  readonly gainMap: GainMap;
  readonly place: [number, number];
}

/**
 * Returns the gain map of a JPEG file and its position; null if there is none.
 *
 * @param bytes the file.
 * @param segments the segments of its primary image.
 * @param pictures start and end of each image after the primary one.
 */
export function findGainMap(
  bytes: Uint8Array,
  segments: Segment[],
  pictures: [number, number][],
): FoundGainMap | null {
  const announcement = segments.filter(isIso);
  let place = pictures.find((each) => isGainMap(bytes.subarray(...each)));
  const packet = xmpOf(segments)?.packet ?? new Uint8Array();
  if (!place && (announcement.length || declaresGainMap(packet))) {
    const named = itemsOf(packet)
      .filter(({semantic}) => semantic === GAIN_MAP_ITEM)
      .map(({length}) => length);
    place = pictures.find(([start, end]) => named.includes(end - start)) ?? pictures.at(0);
  }
  return place ? {gainMap: {jpeg: bytes.slice(...place), announcement}, place} : null;
}

/**
 * Returns a gain map with a re-encoded image and all other data of the original.
 *
 * @param gainMap the gain map.
 * @param jpeg the rotated image.
 * @param width its columns.
 * @param height its rows.
 */
export function withPicture(
  {jpeg: before, announcement}: GainMap,
  jpeg: Uint8Array,
  width: number,
  height: number,
): GainMap {
  const segments = readSegments(before);
  const block = exifOf(segments);
  const exif = block && exifOfUprightImage(block, width, height);
  const others = segments.filter(
    (segment) =>
      [APP1, APP2].includes(segment.marker) && !startsWith(segment.content, 'Exif\0\0') && !isIndex(segment),
  );
  return {jpeg: withSegments(jpeg, [...(exif ? exifSegments(exif) : []), ...others]), announcement};
}

/**
 * Returns a JPEG file with the given segments, a gain map after its image, and an index of both.
 *
 * @param jpeg the file of the corrected photograph.
 * @param segments the segments to add; their XMP, if any, already declares the gain map.
 * @param gainMap the gain map.
 */
export function withGainMap(
  jpeg: Uint8Array,
  segments: Segment[],
  gainMap: GainMap,
): Uint8Array<ArrayBuffer> {
  const before = [...segments, ...gainMap.announcement];
  const position = 2 + before.reduce((sum, segment) => sum + bytesOf(segment).length, 0);
  const primaryLength = withSegments(jpeg, before).length + INDEX_LENGTH;
  const index = indexOfTwo(position, primaryLength, gainMap.jpeg.length);
  return joined([withSegments(jpeg, [...before, index]), gainMap.jpeg]);
}

function isGainMap(jpeg: Uint8Array): boolean {
  const segments = readSegments(jpeg);
  const packet = xmpOf(segments)?.packet ?? new Uint8Array();
  return segments.some(isIso) || declaresGainMap(packet) || find(packet, APPLE) >= 0;
}

function isIso({marker, content}: Segment): boolean {
  return marker === APP2 && startsWith(content, ISO_NAME);
}

const ISO_NAME = 'urn:iso:std:iso:ts:21496:-1\0';
const APPLE = 'http://ns.apple.com/HDRGainMap/';
