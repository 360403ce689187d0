import {joined, viewOf} from './bytes.js';
import {companionsOf} from './companions.js';
import {xmpOf, xmpSegments} from './extendedXmp.js';
import {findGainMap, withGainMap} from './gainMap.js';
import {
  APP0,
  bytesOf,
  COMMENT,
  contentsOf,
  exifOf,
  exifSegments,
  named,
  pictureEnd,
  picturesFrom,
  profileOf,
  profileSegments,
  readSegments,
  type Segment,
  withSegments,
} from './jpegSegments.js';
import type {Metadata} from './metadata.js';
import {pictureCount} from './multiPicture.js';
import type {PhotoFile} from './photoFile.js';
import {photoshopSegments} from './photoshop.js';
import {Problem} from './problem.js';

/** Reads what a JPEG file holds; its pixels are not decoded. */
export function readJpeg(bytes: Uint8Array): PhotoFile {
  const segments = readSegments(bytes);
  const frame = segments.find(({marker}) => isFrame(marker));
  if (!frame) throw new Problem('damaged');
  const view = viewOf(frame.content);
  const end = pictureEnd(bytes, 0, false);
  return {
    format: 'jpeg',
    height: view.getUint16(1),
    width: view.getUint16(3),
    exif: exifOf(segments),
    profile: profileOf(segments),
    others: keptSegments(segments),
    ...xmpAndWhatLiesBehind(bytes, segments, end ?? bytes.length),
    gray: view.getUint8(5) === 1,
    cmyk: view.getUint8(5) === 4,
    alpha: false,
    animated: false,
    whole: end !== null,
  };
}

/**
 * Returns a JPEG file with this metadata and none of its own.
 *
 * @param bytes the file, as a canvas writes it.
 * @param metadata what it gets.
 */
export function jpegWith(bytes: Uint8Array, metadata: Metadata): Uint8Array<ArrayBuffer> {
  const {exif, xmp, profile, gainMap} = metadata;
  const others = metadata.others.map((each): Segment => ({marker: each[1], content: each.subarray(4)}));
  const isFirst = ({marker}: Segment) => marker === APP0; // Its specification asks for that.
  const segments = [
    ...others.filter(isFirst),
    ...(exif ? exifSegments(exif) : []),
    ...(xmp ? xmpSegments(xmp) : []),
    ...(profile ? profileSegments(profile) : []),
    ...others.filter((segment) => !isFirst(segment)),
  ];
  return gainMap ? withGainMap(bytes, segments, gainMap) : withSegments(bytes, segments);
}

function xmpAndWhatLiesBehind(
  bytes: Uint8Array,
  segments: Segment[],
  end: number,
): Pick<PhotoFile, 'xmp' | 'gainMap' | 'leftOut'> {
  const xmp = xmpOf(segments);
  const found = findGainMap(bytes, segments, picturesFrom(bytes, end));
  const [start, stop] = found ? found.place : [end, end];
  const leftOut = companionsOf(joined([bytes.subarray(end, start), bytes.subarray(stop)]), xmp);
  if (pictureCount(segments) > (found ? 2 : 1)) leftOut.push('pictures');
  return {xmp, gainMap: found && found.gainMap, leftOut};
}

/** Resolution, captions and comments, as a file holds them. */
function keptSegments(segments: Segment[]): Uint8Array[] {
  // Resolution and its unit, and no preview behind them.
  const resolution = contentsOf(segments, APP0, JFIF)
    .slice(0, 1)
    .filter(({length}) => length >= 7)
    .map((content) => named(APP0, JFIF, content.subarray(0, 7), Uint8Array.of(0, 0)));
  const comments = segments.filter(({marker}) => marker === COMMENT);
  return [...resolution, ...photoshopSegments(segments), ...comments].map(bytesOf);
}

/** Whether a marker starts a frame: 0xC0 to 0xCF but for tables and arithmetic coding's own. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const JFIF = 'JFIF\0';
