/**
 * The gain map of an HDR photograph: a second JPEG image after the first.
 *
 * It says, for each position, how much brighter the HDR rendition is than the image that every
 * viewer shows. Matches `keras_f2a.imaging.gain_map` in the Python package.
 */
import {concat, find, startsWith} from './bytes.js';
import {declaresGainMap, GAIN_MAP_ITEM, readItems} from './containerDirectory.js';
import {exifOfUprightImage} from './exifBlock.js';
import {readXmp} from './extendedXmp.js';
import {
  APP1,
  APP2,
  encodeSegment,
  readExif,
  exifSegments,
  readSegments,
  type Segment,
  replaceSegments,
} from './jpegSegments.js';
import {createIndex, INDEX_LENGTH, isIndex} from './multiPicture.js';

/** A gain map as stored in a file. */
export interface GainMap {
  /** The image, including the segments with its parameters. */
  readonly jpeg: Uint8Array;
  /** The primary image's segments that declare the gain map, except XMP. */
  readonly declaration: Segment[];
}

/** A gain map and its position in the file. */
export interface LocatedGainMap {
  readonly gainMap: GainMap;
  readonly range: [number, number];
}

/**
 * Returns the gain map of a JPEG file and its position; null if there is none.
 *
 * @param bytes the file.
 * @param segments the segments of its primary image.
 * @param images start and end of each image after the primary one.
 */
export function findGainMap(
  bytes: Uint8Array,
  segments: Segment[],
  images: [number, number][],
): LocatedGainMap | null {
  const declaration = segments.filter(isIsoDeclaration);
  let range = images.find(([start, end]) => isGainMap(bytes.subarray(start, end)));
  const packet = readXmp(segments)?.packet ?? new Uint8Array();
  if (!range && (declaration.length || declaresGainMap(packet))) {
    const declaredLengths = readItems(packet)
      .filter(({semantic}) => semantic === GAIN_MAP_ITEM)
      .map(({length}) => length);
    range = images.find(([start, end]) => declaredLengths.includes(end - start)) ?? images.at(0);
  }
  return range ? {gainMap: {jpeg: bytes.slice(...range), declaration}, range} : null;
}

/**
 * Returns a gain map with a re-encoded image and all other data of the original.
 *
 * @param gainMap the gain map.
 * @param jpeg the rotated image.
 * @param width its columns.
 * @param height its rows.
 */
export function replaceImage(
  {jpeg: original, declaration}: GainMap,
  jpeg: Uint8Array,
  width: number,
  height: number,
): GainMap {
  const segments = readSegments(original);
  const block = readExif(segments);
  const exif = block && exifOfUprightImage(block, width, height);
  const others = segments.filter(
    (segment) =>
      [APP1, APP2].includes(segment.marker) && !startsWith(segment.content, 'Exif\0\0') && !isIndex(segment),
  );
  return {
    jpeg: replaceSegments(jpeg, [...(exif ? exifSegments(exif) : []), ...others]),
    declaration,
  };
}

/**
 * Returns a JPEG file with the given segments, a gain map after its image, and an index of both.
 *
 * @param jpeg the file of the corrected photograph.
 * @param segments the segments to add; their XMP, if any, already declares the gain map.
 * @param gainMap the gain map.
 */
export function appendGainMap(
  jpeg: Uint8Array,
  segments: Segment[],
  gainMap: GainMap,
): Uint8Array<ArrayBuffer> {
  const before = [...segments, ...gainMap.declaration];
  const position = 2 + before.reduce((sum, segment) => sum + encodeSegment(segment).length, 0);
  const primaryLength = replaceSegments(jpeg, before).length + INDEX_LENGTH;
  const index = createIndex(position, primaryLength, gainMap.jpeg.length);
  return concat([replaceSegments(jpeg, [...before, index]), gainMap.jpeg]);
}

function isGainMap(jpeg: Uint8Array): boolean {
  const segments = readSegments(jpeg);
  const packet = readXmp(segments)?.packet ?? new Uint8Array();
  return segments.some(isIsoDeclaration) || declaresGainMap(packet) || find(packet, APPLE_NAMESPACE) >= 0;
}

function isIsoDeclaration({marker, content}: Segment): boolean {
  return marker === APP2 && startsWith(content, ISO_NAME);
}

const ISO_NAME = 'urn:iso:std:iso:ts:21496:-1\0';
const APPLE_NAMESPACE = 'http://ns.apple.com/HDRGainMap/';
