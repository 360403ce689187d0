import {md5} from 'js-md5';
import {ascii, bigEndian, concat, splitBytes, startsWith, textAt, viewOf} from './bytes.js';
import {APP1, contentsOf, LARGEST_CONTENT, namedSegment, type Segment} from './jpegSegments.js';
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
export function xmpFromPacket(packet: Uint8Array | null): Xmp | null {
  return packet && {packet, extension: new Uint8Array()};
}

/** Returns the XMP of a JPEG file. An incomplete extension is ignored. */
export function readXmp(segments: Segment[]): Xmp | null {
  const [packet] = contentsOf(segments, APP1, PACKET_NAME);
  if (!packet) return null;
  const identifier = new Packet(packet).get(NOTE, 'HasExtendedXMP');
  return {packet, extension: readExtension(segments, identifier)};
}

/** Joins the parts of the extension with this identifier. Returns an empty one if a part is missing. */
function readExtension(segments: Segment[], identifier: string | null): Uint8Array {
  const parts = contentsOf(segments, APP1, PART_NAME)
    .filter((part) => part.length > PART_HEADER && textAt(part, 0, IDENTIFIER_LENGTH) === identifier)
    .map(parseExtensionPart)
    .sort((first, second) => first.start - second.start);
  const unique = parts.filter(({start}, index) => index === 0 || start !== parts[index - 1].start);
  const extension = concat(unique.map(({content}) => content));
  const isComplete = unique.every(({totalLength}) => totalLength === extension.length);
  return isComplete ? extension : new Uint8Array();
}

/** Parses a part: the identifier, the length of the extension, its own start, and its content. */
function parseExtensionPart(part: Uint8Array): {totalLength: number; start: number; content: Uint8Array} {
  const view = viewOf(part);
  return {
    totalLength: view.getUint32(IDENTIFIER_LENGTH),
    start: view.getUint32(IDENTIFIER_LENGTH + 4),
    content: part.subarray(PART_HEADER),
  };
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
  const segments = [namedSegment(APP1, PACKET_NAME, setIdentifier(packet, identifier))];
  let start = 0;
  for (const part of splitBytes(extension, LARGEST_CONTENT - PART_NAME.length - PART_HEADER)) {
    segments.push(
      namedSegment(APP1, PART_NAME, ascii(identifier), bigEndian(4, extension.length, start), part),
    );
    start += part.length;
  }
  return segments;
}

/** Removes the depth maps, sound and second images that phones write into XMP. */
export function removeCompanions({packet, extension}: Xmp): Xmp {
  const clean = (data: Uint8Array) => {
    const cleaned = new Packet(data);
    for (const namespace of [DEPTH, IMAGE, SOUND]) cleaned.remove(namespace);
    return cleaned.bytes;
  };
  return {packet: clean(packet), extension: clean(extension)};
}

/** Returns the packet for a format without extensions, so it does not refer to one. */
export function standalonePacket({packet}: Xmp): Uint8Array {
  return setIdentifier(packet, '');
}

/** Returns whether a segment holds XMP. */
export function isXmp({marker, content}: Segment): boolean {
  return marker === APP1 && (startsWith(content, PACKET_NAME) || startsWith(content, PART_NAME));
}

function setIdentifier(data: Uint8Array, identifier: string): Uint8Array {
  const packet = new Packet(data);
  if (identifier) packet.set(NOTE, 'HasExtendedXMP', identifier);
  else packet.remove(NOTE, 'HasExtendedXMP');
  return packet.bytes;
}

const PACKET_NAME = 'http://ns.adobe.com/xap/1.0/\0';
const PART_NAME = 'http://ns.adobe.com/xmp/extension/\0';
const IDENTIFIER_LENGTH = 32;
const PART_HEADER = IDENTIFIER_LENGTH + 8;
