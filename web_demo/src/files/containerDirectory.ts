/** The directory in a phone's XMP that lists the parts after the image in its file. */
import {CAMERA, CONTAINER, GAIN_MAP, ITEM, Packet} from './xmpPacket.js';

export const PRIMARY = 'Primary';
export const GAIN_MAP_ITEM = 'GainMap';

/** One part of a file. */
export interface Item {
  /** The kind of part, for example `Primary`, `GainMap`, `MotionPhoto` or `Depth`. */
  readonly semantic: string;
  /** Length in bytes; 0 if the directory does not say, as for the primary image. */
  readonly length: number;
}

/** Returns the items of a packet's directory, in file order. */
export function readItems(data: Uint8Array): Item[] {
  return findItems(new Packet(data)).map(({item}) => item);
}

/** Returns whether a packet declares a gain map or holds its parameters. */
export function declaresGainMap(data: Uint8Array): boolean {
  const packet = new Packet(data);
  return packet.hasNamespace(GAIN_MAP) || findItems(packet).some(({item}) => item.semantic === GAIN_MAP_ITEM);
}

/**
 * Returns a packet that declares only the parts that a result has.
 *
 * @param data the packet.
 * @param gainMapLength bytes of the gain map after the image; null if there is none.
 */
export function declareParts(data: Uint8Array, gainMapLength: number | null): Uint8Array {
  const packet = new Packet(data);
  // The pattern includes their versions, offsets and timestamps.
  for (const name of ['MotionPhoto', 'MicroVideo']) packet.remove(CAMERA, `${name}\\w*`);
  if (gainMapLength === null) packet.remove(GAIN_MAP);
  const items = findItems(packet);
  if (gainMapLength === null || !items.some(({item}) => item.semantic === GAIN_MAP_ITEM)) {
    packet.remove(CONTAINER);
    return packet.bytes;
  }
  for (const {text, item} of items) {
    if (item.semantic === GAIN_MAP_ITEM) {
      const part = packet.parsePart(text);
      part.set(ITEM, 'Length', gainMapLength);
      packet.text = packet.text.split(text).join(part.text.slice(packet.namespaces.length));
    } else if (item.semantic !== PRIMARY) {
      packet.text = packet.text.split(text).join('');
    }
  }
  packet.set(ITEM, 'Padding', 0);
  return packet.bytes;
}

function findItems(packet: Packet): {text: string; item: Item}[] {
  return packet.listItems().flatMap((text) => {
    const part = packet.parsePart(text);
    const semantic = part.get(ITEM, 'Semantic');
    const length = part.get(ITEM, 'Length') ?? '';
    return semantic === null
      ? []
      : [{text, item: {semantic, length: /^\d+$/.test(length) ? Number(length) : 0}}];
  });
}
