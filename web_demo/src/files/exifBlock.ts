import {textAt, viewOf} from './bytes.js';
import {blankPreviews} from './previews.js';
import {rotateSubjectArea} from './turns.js';

/**
 * Returns an EXIF block with orientation 1, the given size and no embedded preview.
 *
 * The subject's area turns with the pixels. Only those values change. Every other byte keeps its
 * position, because maker notes contain absolute offsets. The preview is unlinked because it shows the
 * photograph before its correction. All previews that can be found, including those in the maker notes,
 * are overwritten with zeros. Matches `keras_f2a.imaging.exif` in the Python package.
 *
 * @param block the block, starting at its byte order mark.
 * @param width columns of the upright photograph.
 * @param height rows of the upright photograph.
 * @return a copy; null if the block cannot be read.
 */
export function exifOfUprightImage(block: Uint8Array, width: number, height: number): Uint8Array | null {
  const copy = block.slice();
  try {
    const note = makeUpright(new Block(copy), width, height);
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
    const entry = block.directory(block.readLong(4)).entries.get(ORIENTATION);
    const value = entry === undefined ? 1 : block.get(entry);
    return value >= 1 && value <= 8 ? value : 1;
  } catch {
    return 1;
  }
}

/**
 * Returns whether a block says that the flash fired (bit 0 of `Flash`); null if it does not say.
 */
export function flashFired(bytes: Uint8Array | null): boolean | null {
  try {
    const block = new Block(bytes ?? new Uint8Array());
    const main = block.directory(block.readLong(4)).entries;
    const entry = block.details(main).get(FLASH);
    const value = entry === undefined ? null : block.singleNumber(entry);
    return value === null ? null : (value & 1) === 1;
  } catch {
    return null;
  }
}

/** Applies the changes for an upright photograph. Returns the offset of the maker note, or null. */
function makeUpright(block: Block, width: number, height: number): number | null {
  const start = block.readLong(4);
  const main = block.directory(start);
  const entry = main.entries.get(ORIENTATION);
  const orientation = entry === undefined ? 1 : block.get(entry);
  const sizes = new Map<number, number>();
  for (const tag of WIDTH_TAGS) sizes.set(tag, width);
  for (const tag of HEIGHT_TAGS) sizes.set(tag, height);
  block.setAll(start, new Map([...sizes, [ORIENTATION, 1]]));
  block.writeLong(main.end, 0);
  const details = block.details(main.entries);
  const link = main.entries.get(EXIF_DIRECTORY);
  if (link !== undefined) block.setAll(block.readLong(link + 8), sizes);
  if (orientation >= 2 && orientation <= 8) {
    for (const tag of SUBJECT_TAGS) {
      const subject = details.get(tag);
      if (subject === undefined) continue;
      block.updateNumbers(subject, (numbers) => rotateSubjectArea(numbers, orientation, width, height));
    }
  }
  const note = details.get(MAKER_NOTE);
  return note === undefined ? null : block.readLong(note + 8);
}

/** Reads and writes numbers in the block's own byte order. Throws beyond the end of the block. */
class Block {
  private readonly view: DataView;
  private readonly isLittleEndian: boolean;

  constructor(bytes: Uint8Array) {
    const order = textAt(bytes, 0, 2);
    if (order !== 'II' && order !== 'MM') throw new RangeError('neither byte order');
    this.isLittleEndian = order === 'II';
    this.view = viewOf(bytes);
  }

  readLong(position: number): number {
    return this.view.getUint32(position, this.isLittleEndian);
  }

  writeLong(position: number, value: number): void {
    this.view.setUint32(position, value, this.isLittleEndian);
  }

  /** Returns the position of each tag's entry and of the link to the next directory. */
  directory(start: number): {entries: Map<number, number>; end: number} {
    const entries = this.allEntries(start);
    return {entries: new Map(entries), end: start + 2 + 12 * entries.length};
  }

  /** Replaces the numbers of tags wherever a directory has them. */
  setAll(start: number, values: Map<number, number>): void {
    for (const [tag, entry] of this.allEntries(start)) {
      const value = values.get(tag);
      if (value !== undefined) this.set(entry, value);
    }
  }

  /** Returns the entries of the EXIF directory, to which the main directory's entries link. */
  details(main: Map<number, number>): Map<number, number> {
    const link = main.get(EXIF_DIRECTORY);
    return link === undefined ? new Map<number, number>() : this.directory(this.readLong(link + 8)).entries;
  }

  /** Returns the value of an entry that is a single unsigned number; null for any other. */
  singleNumber(entry: number): number | null {
    const [type, count] = [this.readShort(entry + 2), this.readLong(entry + 4)];
    return (type === SHORT || type === LONG) && count === 1 ? this.get(entry) : null;
  }

  /** Returns the value of a numeric entry. */
  get(entry: number): number {
    return SHORTS.includes(this.readShort(entry + 2)) ? this.readShort(entry + 8) : this.readLong(entry + 8);
  }

  /** Replaces the value of an entry. */
  private set(entry: number, value: number): void {
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

  /** Returns the tag and the position of each entry. Some files have a tag twice. */
  private allEntries(start: number): [number, number][] {
    return Array.from({length: this.readShort(start)}, (_, index) => {
      const position = start + 2 + 12 * index;
      return [this.readShort(position), position];
    });
  }

  private readShort(position: number): number {
    return this.view.getUint16(position, this.isLittleEndian);
  }
}

const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const FLASH = 0x9209;
const MAKER_NOTE = 0x927c;
/** The subject's area, and its center alone. */
const SUBJECT_TAGS = [0x9214, 0xa214];
const MAX_NUMBERS = 4;
const WIDTH_TAGS = [0x0100, 0xa002];
const HEIGHT_TAGS = [0x0101, 0xa003];
const SHORT = 3;
const LONG = 4;
/** Unsigned and signed. */
const SHORTS = [SHORT, 8];
const LONGS = [LONG, 9];
