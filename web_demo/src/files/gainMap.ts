/**
 * The gain map of an HDR photograph: a second JPEG picture behind the first.
 *
 * It holds, for each place, how much brighter the HDR rendition is than the picture that every viewer
 * shows. As `keras_f2a.imaging.gain_map` of the Python package does.
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

/** A gain map as a file holds it. */
export interface GainMap {
  /** The picture, with the segments that hold its numbers. */
  readonly jpeg: Uint8Array;
  /** The segments of the primary picture that say that there is one, without XMP. */
  readonly announcement: Segment[];
}

/** A gain map and its place in the file. */
export interface FoundGainMap {
  readonly gainMap: GainMap;
  readonly place: [number, number];
}

/**
 * Returns the gain map of a JPEG file and its place; null if there is none.
 *
 * @param bytes the file.
 * @param segments the segments of its primary picture.
 * @param pictures start and end of each picture behind that.
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
 * Returns a gain map whose picture was encoded again, with all else that the first one held.
 *
 * @param gainMap the gain map.
 * @param jpeg the turned picture.
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
 * Returns a JPEG file with segments, and a gain map behind its picture that an index names.
 *
 * @param jpeg the file of the corrected photograph.
 * @param segments what it gets; its XMP announces the gain map already, if anything does.
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
