import {find, viewOf} from './bytes.js';
import {readItems} from './containerDirectory.js';
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
 * @param trailing the bytes after the image in the file, except a gain map that is kept.
 * @param xmp the XMP of the image as stored in the file.
 */
export function listCompanions(trailing: Uint8Array, xmp: Xmp | null): LeftOut[] {
  const found = new Set<LeftOut>();
  if (xmp) {
    for (const {semantic} of readItems(xmp.packet)) {
      const kind = SEMANTICS.get(semantic);
      if (kind) found.add(kind);
    }
    for (const packet of [new Packet(xmp.packet), new Packet(xmp.extension)]) {
      if (packet.hasNamespace(DEPTH)) found.add('depth');
      if (packet.hasNamespace(SOUND)) found.add('sound');
    }
    const packet = new Packet(xmp.packet);
    const isSet = (name: string) => (packet.get(CAMERA, name) ?? '0') !== '0';
    if (trailing.length && (isSet('MotionPhoto') || isSet('MicroVideo'))) found.add('video');
  }
  for (const [mark, kind] of SIGNATURES) if (find(trailing, mark) >= 0) found.add(kind);
  if (containsVideo(trailing)) found.add('video');
  return [...found];
}

/** Returns whether an MP4 file starts anywhere in the bytes. */
function containsVideo(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let offset = find(bytes, 'ftyp', 4); offset >= 4; offset = find(bytes, 'ftyp', offset + 1)) {
    const size = view.getUint32(offset - 4);
    const isBrand = bytes.subarray(offset + 4, offset + 8).every((byte) => byte < 0x80);
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
const SIGNATURES: [string, LeftOut][] = [
  ['MotionPhoto_Data', 'video'],
  ['DualShot_DepthMap', 'depth'],
  ['SoundShot_', 'sound'],
  ['kCGImageAuxiliaryDataTypeDepth', 'depth'],
  ['kCGImageAuxiliaryDataTypeDisparity', 'depth'],
  [':aux:disparity', 'depth'],
  [':aux:depth', 'depth'],
];
