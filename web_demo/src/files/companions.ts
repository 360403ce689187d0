import {find, viewOf} from './bytes.js';
import {itemsOf} from './containerDirectory.js';
import type {Xmp} from './extendedXmp.js';
import {CAMERA, DEPTH, Packet, SOUND} from './xmpPacket.js';

/**
 * Contents of a file that a correction cannot keep. `bits` means those of a channel beyond the
 * eighth.
 */
export type LeftOut = 'video' | 'depth' | 'sound' | 'hdr' | 'pictures' | 'bits';

/**
 * Lists the known kinds of data after or inside a JPEG image, each kind once. Matches
 * `keras_f2a.imaging.companions` in the Python package.
 *
 * @param behind the bytes after the image in the file, except a gain map that is kept.
 * @param xmp the XMP of the image as stored in the file.
 */
export function companionsOf(behind: Uint8Array, xmp: Xmp | null): LeftOut[] {
  const found = new Set<LeftOut>();
  if (xmp) {
    for (const {semantic} of itemsOf(xmp.packet)) {
      const kind = SEMANTICS.get(semantic);
      if (kind) found.add(kind);
    }
    for (const packet of [new Packet(xmp.packet), new Packet(xmp.extension)]) {
      if (packet.uses(DEPTH)) found.add('depth');
      if (packet.uses(SOUND)) found.add('sound');
    }
    const packet = new Packet(xmp.packet);
    const isSet = (name: string) => (packet.get(CAMERA, name) ?? '0') !== '0';
    if (behind.length && (isSet('MotionPhoto') || isSet('MicroVideo'))) found.add('video');
  }
  for (const [mark, kind] of MARKS) if (find(behind, mark) >= 0) found.add(kind);
  if (holdsVideo(behind)) found.add('video');
  return [...found];
}

/** Returns whether an MP4 file starts anywhere in the bytes. */
function holdsVideo(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let place = find(bytes, 'ftyp', 4); place >= 4; place = find(bytes, 'ftyp', place + 1)) {
    const size = view.getUint32(place - 4);
    const isBrand = bytes.subarray(place + 4, place + 8).every((byte) => byte < 0x80);
    if (size >= 16 && size <= 256 && size % 4 === 0 && isBrand) return true;
  }
  return false;
}

const SEMANTICS = new Map<string, LeftOut>([
  ['MotionPhoto', 'video'],
  ['Depth', 'depth'],
  ['DepthMap', 'depth'],
  ['ConfidenceMap', 'depth'],
  ['Audio', 'sound'],
]);
/** Marks that phones write after the image, or into the XMP of a second one. */
const MARKS: [string, LeftOut][] = [
  ['MotionPhoto_Data', 'video'],
  ['DualShot_DepthMap', 'depth'],
  ['SoundShot_', 'sound'],
  ['kCGImageAuxiliaryDataTypeDepth', 'depth'],
  ['kCGImageAuxiliaryDataTypeDisparity', 'depth'],
  [':aux:disparity', 'depth'],
  [':aux:depth', 'depth'],
];
