import {concat, viewOf} from './bytes.js';
import {listCompanions} from './companions.js';
import {readXmp, xmpSegments} from './extendedXmp.js';
import {findGainMap, appendGainMap} from './gainMap.js';
import {
  APP0,
  encodeSegment,
  COMMENT,
  contentsOf,
  readExif,
  exifSegments,
  namedSegment,
  findImageEnd,
  findImages,
  readProfile,
  profileSegments,
  readSegments,
  type Segment,
  replaceSegments,
} from './jpegSegments.js';
import type {Metadata} from './metadata.js';
import {countImages} from './multiPicture.js';
import type {PhotoFile} from './photoFile.js';
import {photoshopSegments} from './photoshop.js';
import {Problem} from './problem.js';

/** Reads the metadata of a JPEG file without decoding its pixels. */
export function readJpeg(bytes: Uint8Array): PhotoFile {
  const segments = readSegments(bytes);
  const frame = segments.find(({marker}) => isFrame(marker));
  if (!frame) throw new Problem('damaged');
  const view = viewOf(frame.content);
  const end = findImageEnd(bytes, 0, false);
  return {
    format: 'jpeg',
    height: view.getUint16(1),
    width: view.getUint16(3),
    exif: readExif(segments),
    profile: readProfile(segments),
    others: preservedSegments(segments),
    ...readXmpAndTrailingData(bytes, segments, end ?? bytes.length),
    isGray: view.getUint8(5) === 1,
    isCmyk: view.getUint8(5) === 4,
    hasAlpha: false,
    isAnimated: false,
    isComplete: end !== null,
  };
}

/**
 * Returns a JPEG file with the given metadata and none of its own.
 *
 * @param bytes the file, as written by a canvas.
 * @param metadata the metadata to add.
 */
export function replaceJpegMetadata(bytes: Uint8Array, metadata: Metadata): Uint8Array<ArrayBuffer> {
  const {exif, xmp, profile, gainMap} = metadata;
  const others = metadata.others.map((each): Segment => ({marker: each[1], content: each.subarray(4)}));
  const isFirst = ({marker}: Segment) => marker === APP0; // JFIF requires it to be first.
  const segments = [
    ...others.filter(isFirst),
    ...(exif ? exifSegments(exif) : []),
    ...(xmp ? xmpSegments(xmp) : []),
    ...(profile ? profileSegments(profile) : []),
    ...others.filter((segment) => !isFirst(segment)),
  ];
  return gainMap ? appendGainMap(bytes, segments, gainMap) : replaceSegments(bytes, segments);
}

function readXmpAndTrailingData(
  bytes: Uint8Array,
  segments: Segment[],
  end: number,
): Pick<PhotoFile, 'xmp' | 'gainMap' | 'leftOut'> {
  const xmp = readXmp(segments);
  const found = findGainMap(bytes, segments, findImages(bytes, end));
  const [mapStart, mapEnd] = found ? found.range : [end, end];
  const trailing = concat([bytes.subarray(end, mapStart), bytes.subarray(mapEnd)]);
  const leftOut = listCompanions(trailing, xmp);
  if (countImages(segments) > (found ? 2 : 1)) leftOut.push('pictures');
  return {xmp, gainMap: found && found.gainMap, leftOut};
}

/** Returns resolution, captions and comments as stored in a file. */
function preservedSegments(segments: Segment[]): Uint8Array[] {
  // Only the resolution and its unit, without the thumbnail that may follow.
  const resolution = contentsOf(segments, APP0, JFIF)
    .slice(0, 1)
    .filter(({length}) => length >= 7)
    .map((content) => namedSegment(APP0, JFIF, content.subarray(0, 7), Uint8Array.of(0, 0)));
  const comments = segments.filter(({marker}) => marker === COMMENT);
  return [...resolution, ...photoshopSegments(segments), ...comments].map(encodeSegment);
}

/** Returns whether a marker starts a frame: 0xC0 to 0xCF except DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const JFIF = 'JFIF\0';
