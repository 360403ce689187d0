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

/** Reads the metadata of a JPEG file without decoding its pixels. */
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
 * Returns a JPEG file with the given metadata and none of its own.
 *
 * @param bytes the file, as written by a canvas.
 * @param metadata the metadata to add.
 */
export function jpegWith(bytes: Uint8Array, metadata: Metadata): Uint8Array<ArrayBuffer> {
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

/** Returns resolution, captions and comments as stored in a file. */
function keptSegments(segments: Segment[]): Uint8Array[] {
  // Only the resolution and its unit, without the thumbnail that may follow.
  const resolution = contentsOf(segments, APP0, JFIF)
    .slice(0, 1)
    .filter(({length}) => length >= 7)
    .map((content) => named(APP0, JFIF, content.subarray(0, 7), Uint8Array.of(0, 0)));
  const comments = segments.filter(({marker}) => marker === COMMENT);
  return [...resolution, ...photoshopSegments(segments), ...comments].map(bytesOf);
}

/** Returns whether a marker starts a frame: 0xC0 to 0xCF except DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const JFIF = 'JFIF\0';
