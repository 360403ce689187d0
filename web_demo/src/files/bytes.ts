/**
 * Returns the text at a position, one character per byte. It is shorter at the end of the bytes.
 */
export function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/** Returns the bytes of a text with one byte per character, such as ASCII. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Returns whether the bytes begin with a text. */
export function startsWith(bytes: Uint8Array, text: string): boolean {
  return textAt(bytes, 0, text.length) === text;
}

/** Returns the first position of a text at or after `from`, or -1. */
export function find(bytes: Uint8Array, text: string, from = 0): number {
  const first = text.charCodeAt(0);
  let position = bytes.indexOf(first, from);
  while (position >= 0 && textAt(bytes, position, text.length) !== text) {
    position = bytes.indexOf(first, position + 1);
  }
  return position;
}

/** Returns a view that reads numbers. It throws a RangeError beyond the end of the bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Encodes numbers in big-endian order, `size` bytes each. */
export function bigEndian(size: 2 | 4, ...numbers: number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(size * numbers.length));
  numbers.forEach((number, index) => {
    if (size === 2) view.setUint16(2 * index, number);
    else view.setUint32(4 * index, number);
  });
  return new Uint8Array(view.buffer);
}

/** Joins parts into one array. */
export function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    result.set(part, position);
    position += part.length;
  }
  return result;
}

/** Splits bytes into parts of a given size; the last one may be shorter. */
export function splitBytes(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({length: count}, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Returns the checksum of PNG files (CRC-32, ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let index = 0; index < bytes.length; index++) {
    crc = CRC_TABLE[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const CRC_TABLE = Int32Array.from({length: 256}, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
