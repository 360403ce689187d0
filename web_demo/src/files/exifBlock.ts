import {textAt, viewOf} from './bytes.js';
import {blankPreviews} from './previews.js';
import {rotateSubjectArea, swapsAxes} from './turns.js';

/**
 * Returns an EXIF block with orientation 1, the given size and no embedded preview.
 *
 * The subject's area and the resolution turn with the pixels. Only those values change. Every other
 * byte keeps its position, because maker notes contain absolute offsets. The preview is unlinked because
 * it shows the photograph before its correction. All previews that can be found, including those in the
 * maker notes, are overwritten with zeros. Matches `keras_f2a.imaging.exif` in the Python package.
 *
 * @param block the block, starting at its byte order mark.
 * @param width columns of the upright photograph.
 * @param height rows of the upright photograph.
 * @return a copy; null if the block cannot be read.
 */
export function exifOfUprightImage(block: Uint8Array, width: number, height: number): Uint8Array | null {
  const copy = block.slice();
  try {
    const note = makeUpright(new Block(copy), orientationOf(block), width, height);
    blankPreviews(copy, note);
    return copy;
  } catch {
    return null; // An offset points beyond the end.
  }
}

/** Returns a block's orientation, 1 to 8. Without one, returns 1, upright. */
export function orientationOf(bytes: Uint8Array | null): number {
  try {
    const block = new Block(bytes ?? new Uint8Array());
    const entry = block.directory(block.readLong(4)).entries.get(ORIENTATION)?.[0];
    const value = entry === undefined || !block.isTiff ? null : block.firstNumber(entry);
    return value !== null && value >= 1 && value <= 8 ? value : 1;
  } catch {
    return 1;
  }
}

/** Returns a block without the name of a JPEG file's EXIF segment, which some programs repeat. */
export function removeExifName(block: Uint8Array): Uint8Array {
  let start = 0;
  while (textAt(block, start, EXIF_NAME.length) === EXIF_NAME) start += EXIF_NAME.length;
  return block.slice(start);
}

/**
 * Returns whether a block says that the flash fired (bit 0 of `Flash`); null if it does not say.
 */
export function flashFired(bytes: Uint8Array | null): boolean | null {
  try {
    const block = new Block(bytes ?? new Uint8Array());
    const main = block.directory(block.readLong(4)).entries;
    const entry = block.details(main).get(FLASH)?.[0];
    const value = entry === undefined ? null : block.singleNumber(entry);
    return value === null ? null : (value & 1) === 1;
  } catch {
    return null;
  }
}

/** Applies the changes for an upright photograph. Returns the offset of the maker note, or null. */
function makeUpright(block: Block, orientation: number, width: number, height: number): number | null {
  const main = block.directory(block.readLong(4));
  for (const entry of main.entries.get(ORIENTATION) ?? []) block.set(entry, 1);
  block.blankThumbnail(main.end);
  block.writeLong(main.end, 0);
  const details = block.details(main.entries);
  for (const entries of [main.entries, details]) {
    for (const [tags, value] of [
      [WIDTH_TAGS, width],
      [HEIGHT_TAGS, height],
    ] as const) {
      for (const tag of tags) {
        for (const entry of entries.get(tag) ?? []) block.set(entry, value);
      }
    }
  }
  if (swapsAxes(orientation)) {
    for (const entries of [main.entries, details]) block.swapResolutions(entries);
  }
  if (orientation !== 1) {
    for (const tag of SUBJECT_TAGS) {
      const subject = details.get(tag)?.[0];
      if (subject === undefined) continue;
      block.updateNumbers(subject, (numbers) => rotateSubjectArea(numbers, orientation, width, height));
    }
  }
  const note = details.get(MAKER_NOTE)?.[0];
  return note === undefined ? null : block.readLong(note + 8);
}

/** The positions of each tag's entries. Some files have a tag twice; readers take the first. */
type Entries = Map<number, number[]>;

/** Reads and writes numbers in the block's own byte order. Throws beyond the end of the block. */
class Block {
  private readonly view: DataView;
  private readonly isLittleEndian: boolean;

  constructor(private readonly bytes: Uint8Array) {
    const order = textAt(bytes, 0, 2);
    if (order !== 'II' && order !== 'MM') throw new RangeError('neither byte order');
    this.isLittleEndian = order === 'II';
    this.view = viewOf(bytes);
  }

  /** Whether it has TIFF's usual structure, which decoders require. */
  get isTiff(): boolean {
    return this.readShort(2) === 42;
  }

  readLong(position: number): number {
    return this.view.getUint32(position, this.isLittleEndian);
  }

  writeLong(position: number, value: number): void {
    this.view.setUint32(position, value, this.isLittleEndian);
  }

  /** Returns the positions of each tag's entries and of the link to the next directory. */
  directory(start: number): {entries: Entries; end: number} {
    const count = this.readShort(start);
    const entries: Entries = new Map();
    for (let index = 0; index < count; index++) {
      const position = start + 2 + 12 * index;
      const tag = this.readShort(position);
      const positions = entries.get(tag);
      if (positions) positions.push(position);
      else entries.set(tag, [position]);
    }
    return {entries, end: start + 2 + 12 * count};
  }

  /** Returns the entries of the EXIF directory, to which the main directory's entries link. */
  details(main: Entries): Entries {
    const link = main.get(EXIF_DIRECTORY)?.[0];
    return link === undefined ? new Map<number, number[]>() : this.directory(this.readLong(link + 8)).entries;
  }

  /** Returns the value of an entry that is a single unsigned number; null for any other. */
  singleNumber(entry: number): number | null {
    const [type, count] = [this.readShort(entry + 2), this.readLong(entry + 4)];
    return (type === SHORT || type === LONG) && count === 1 ? this.firstNumber(entry) : null;
  }

  /** Returns the first integer of an entry; null if it holds none. */
  firstNumber(entry: number): number | null {
    const [type, count] = [this.readShort(entry + 2), this.readLong(entry + 4)];
    const isShort = SHORTS.includes(type);
    if ((!isShort && !LONGS.includes(type)) || count === 0) return null;
    const offset = count * (isShort ? 2 : 4) > 4 ? this.readLong(entry + 8) : entry + 8;
    return isShort ? this.readShort(offset) : this.readLong(offset);
  }

  /** Overwrites the thumbnail of the second directory, in any format, with zeros. */
  blankThumbnail(link: number): void {
    const start = this.readLong(link);
    if (start === 0) return;
    let entries: Entries;
    try {
      ({entries} = this.directory(start));
    } catch {
      return; // The directory lies beyond the end.
    }
    for (const [offsetTag, lengthTag] of THUMBNAIL_TAGS) {
      const [offset, length] = [offsetTag, lengthTag].map((tag) => {
        const entry = entries.get(tag)?.[0];
        return (entry !== undefined && this.singleNumber(entry)) || 0;
      });
      // Directories, which come before the thumbnail, are never overwritten.
      const isBehind = offset > Math.max(link, start);
      if (isBehind && offset + length <= this.bytes.length) this.bytes.fill(0, offset, offset + length);
    }
  }

  /** Exchanges the horizontal and the vertical resolution of a directory, unless they are equal. */
  swapResolutions(entries: Entries): void {
    for (const tags of RESOLUTION_TAGS) {
      const [x, y] = tags.map((tag) => entries.get(tag)?.[0]);
      if (x === undefined || y === undefined) continue;
      if ([x, y].map((entry) => this.isRational(entry)).includes(false)) continue;
      const [first, second] = [this.readLong(x + 8), this.readLong(y + 8)];
      if (textAt(this.bytes, first, 8) === textAt(this.bytes, second, 8)) continue;
      this.writeLong(x + 8, second);
      this.writeLong(y + 8, first);
    }
  }

  /** Replaces the value of an entry. */
  set(entry: number, value: number): void {
    const type = this.readShort(entry + 2);
    if (SHORTS.includes(type)) this.view.setUint16(entry + 8, Math.min(value, 0xffff), this.isLittleEndian);
    else if (LONGS.includes(type)) this.writeLong(entry + 8, value);
  }

  /** Replaces the numbers of an entry, none of them larger than it holds. */
  updateNumbers(entry: number, update: (numbers: number[]) => number[]): void {
    const [type, count] = [this.readShort(entry + 2), this.readLong(entry + 4)];
    if ((type !== SHORT && type !== LONG) || count > MAX_NUMBERS) return;
    const size = type === SHORT ? 2 : 4;
    const offset = count * size > 4 ? this.readLong(entry + 8) : entry + 8;
    const positions = Array.from({length: count}, (_, index) => offset + index * size);
    const numbers = positions.map((position) =>
      type === SHORT ? this.readShort(position) : this.readLong(position),
    );
    for (const [index, value] of update(numbers).entries()) {
      if (type === SHORT) this.view.setUint16(positions[index], Math.min(value, 0xffff), this.isLittleEndian);
      else this.writeLong(positions[index], value);
    }
  }

  private isRational(entry: number): boolean {
    return this.readShort(entry + 2) === RATIONAL && this.readLong(entry + 4) === 1;
  }

  private readShort(position: number): number {
    return this.view.getUint16(position, this.isLittleEndian);
  }
}

const EXIF_NAME = 'Exif\0\0';
const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const FLASH = 0x9209;
const MAKER_NOTE = 0x927c;
/** The subject's area, and its center alone. */
const SUBJECT_TAGS = [0x9214, 0xa214];
const MAX_NUMBERS = 4;
/** Tags of a thumbnail's position and length, compressed or not. */
const THUMBNAIL_TAGS = [
  [0x0201, 0x0202],
  [0x0111, 0x0117],
];
const WIDTH_TAGS = [0x0100, 0xa002];
const HEIGHT_TAGS = [0x0101, 0xa003];
/** Tags of the horizontal and the vertical resolution, of the picture and of the sensor. */
const RESOLUTION_TAGS = [
  [0x011a, 0x011b],
  [0xa20e, 0xa20f],
];
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
/** Unsigned and signed. */
const SHORTS = [SHORT, 8];
const LONGS = [LONG, 9];
