import {md5} from 'js-md5';
import {ascii, bigEndian, joined, partsOf, startsWith, textAt, viewOf} from './bytes.js';
import {APP1, contentsOf, LARGEST_CONTENT, named, type Segment} from './jpegSegments.js';
import {DEPTH, IMAGE, NOTE, Packet, packetWithNote, SOUND} from './xmpPacket.js';

/** The XMP of a photograph. */
export interface Xmp {
  /** The packet that every reader sees. */
  readonly packet: Uint8Array;
  /**
   * A second packet, in JPEG files only, for whatever does not fit into the first; may be empty.
   */
  readonly extension: Uint8Array;
}

/** Returns the XMP of a file with a single packet; null without one. */
export function xmpOfPacket(packet: Uint8Array | null): Xmp | null {
  return packet && {packet, extension: new Uint8Array()};
}

/** Returns the XMP of a JPEG file. An incomplete extension is ignored. */
export function xmpOf(segments: Segment[]): Xmp | null {
  const [packet] = contentsOf(segments, APP1, PACKET_NAME);
  if (!packet) return null;
  const identifier = new Packet(packet).get(NOTE, 'HasExtendedXMP');
  const parts = contentsOf(segments, APP1, PART_NAME)
    .filter((part) => part.length > PART_HEADER && textAt(part, 0, IDENTIFIER_LENGTH) === identifier)
    .map((part) => {
      const view = viewOf(part);
      return {
        whole: view.getUint32(IDENTIFIER_LENGTH),
        start: view.getUint32(IDENTIFIER_LENGTH + 4),
        content: part.subarray(PART_HEADER),
      };
    })
    .sort((one, other) => one.start - other.start)
    .filter(({start}, index, all) => index === 0 || start !== all[index - 1].start);
  const extension = joined(parts.map(({content}) => content));
  const isWhole = parts.every(({whole}) => whole === extension.length);
  return {packet, extension: isWhole ? extension : new Uint8Array()};
}

/**
 * Returns the segments that hold XMP in a JPEG file.
 *
 * A packet of more than 64 kB, which other formats allow, goes into the extension.
 */
export function xmpSegments(xmp: Xmp): Segment[] {
  let {packet, extension} = xmp;
  if (packet.length > LARGEST_CONTENT - PACKET_NAME.length) {
    extension = packet;
    packet = packetWithNote('HasExtendedXMP', '0');
  }
  const identifier = extension.length ? md5(extension).toUpperCase() : '';
  const segments = [named(APP1, PACKET_NAME, naming(packet, identifier))];
  let start = 0;
  for (const part of partsOf(extension, LARGEST_CONTENT - PART_NAME.length - PART_HEADER)) {
    segments.push(named(APP1, PART_NAME, ascii(identifier), bigEndian(4, extension.length, start), part));
    start += part.length;
  }
  return segments;
}

/** Removes the depth maps, sound and second images that phones write into XMP. */
export function withoutCompanions({packet, extension}: Xmp): Xmp {
  const cleaned = (data: Uint8Array) => {
    const found = new Packet(data);
    for (const namespace of [DEPTH, IMAGE, SOUND]) found.remove(namespace);
    return found.bytes;
  };
  return {packet: cleaned(packet), extension: cleaned(extension)};
}

/** Returns the packet for a format without extensions, so it does not refer to one. */
export function packetAlone({packet}: Xmp): Uint8Array {
  return naming(packet, '');
}

/** Returns whether a segment holds XMP. */
export function isXmp({marker, content}: Segment): boolean {
  return marker === APP1 && (startsWith(content, PACKET_NAME) || startsWith(content, PART_NAME));
}

function naming(data: Uint8Array, identifier: string): Uint8Array {
  const packet = new Packet(data);
  if (identifier) packet.set(NOTE, 'HasExtendedXMP', identifier);
  else packet.remove(NOTE, 'HasExtendedXMP');
  return packet.bytes;
}

const PACKET_NAME = 'http://ns.adobe.com/xap/1.0/\0';
const PART_NAME = 'http://ns.adobe.com/xmp/extension/\0';
const IDENTIFIER_LENGTH = 32;
const PART_HEADER = IDENTIFIER_LENGTH + 8;
