import {textAt, viewOf} from './bytes.js';
import {blankPreviews} from './previews.js';
import {turnedSubject} from './turns.js';

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
    const note = edit(new Block(copy), width, height);
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
    const entry = block.directory(block.long(4)).entries.get(ORIENTATION);
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
    const main = block.directory(block.long(4)).entries;
    const entry = block.details(main).get(FLASH);
    const value = entry === undefined ? null : block.onlyNumber(entry);
    return value === null ? null : (value & 1) === 1;
  } catch {
    return null;
  }
}

/** Applies the changes for an upright photograph. Returns the offset of the maker note, or null. */
function edit(block: Block, width: number, height: number): number | null {
  const main = block.directory(block.long(4));
  const entry = main.entries.get(ORIENTATION);
  const orientation = entry === undefined ? 1 : block.get(entry);
  if (entry !== undefined) block.set(entry, 1);
  block.setLong(main.end, 0);
  const details = block.details(main.entries);
  for (const entries of [main.entries, details]) {
    for (const [tags, value] of [
      [WIDTHS, width],
      [HEIGHTS, height],
    ] as const) {
      for (const tag of tags) {
        const entry = entries.get(tag);
        if (entry !== undefined) block.set(entry, value);
      }
    }
  }
  if (orientation >= 2 && orientation <= 8) {
    for (const tag of SUBJECTS) {
      const subject = details.get(tag);
      if (subject === undefined) continue;
      block.changeNumbers(subject, (numbers) => turnedSubject(numbers, orientation, width, height));
    }
  }
  const note = details.get(MAKER_NOTE);
  return note === undefined ? null : block.long(note + 8);
}

/** Reads and writes numbers in the block's own byte order. Throws beyond the end of the block. */
class Block {
  private readonly view: DataView;
  private readonly little: boolean;

  constructor(bytes: Uint8Array) {
    const order = textAt(bytes, 0, 2);
    if (order !== 'II' && order !== 'MM') throw new RangeError('neither byte order');
    this.little = order === 'II';
    this.view = viewOf(bytes);
  }

  long(position: number): number {
    return this.view.getUint32(position, this.little);
  }

  setLong(position: number, value: number): void {
    this.view.setUint32(position, value, this.little);
  }

  /** Returns the position of each tag's entry and of the link to the next directory. */
  directory(start: number): {entries: Map<number, number>; end: number} {
    const count = this.short(start);
    const entries = new Map<number, number>();
    for (let index = 0; index < count; index++) {
      const position = start + 2 + 12 * index;
      entries.set(this.short(position), position);
    }
    return {entries, end: start + 2 + 12 * count};
  }

  /** Returns the entries of the EXIF directory, to which the main directory's entries link. */
  details(main: Map<number, number>): Map<number, number> {
    const link = main.get(EXIF_DIRECTORY);
    return link === undefined ? new Map<number, number>() : this.directory(this.long(link + 8)).entries;
  }

  /** Returns the value of an entry that is a single unsigned number; null for any other. */
  onlyNumber(entry: number): number | null {
    const [kind, count] = [this.short(entry + 2), this.long(entry + 4)];
    return (kind === SHORT || kind === LONG) && count === 1 ? this.get(entry) : null;
  }

  /** Returns the value of a numeric entry. */
  get(entry: number): number {
    return SHORTS.includes(this.short(entry + 2)) ? this.short(entry + 8) : this.long(entry + 8);
  }

  /** Replaces the value of an entry. */
  set(entry: number, value: number): void {
    const kind = this.short(entry + 2);
    if (SHORTS.includes(kind)) this.view.setUint16(entry + 8, Math.min(value, 0xffff), this.little);
    else if (LONGS.includes(kind)) this.setLong(entry + 8, value);
  }

  /** Replaces the numbers of an entry, none of them larger than it holds. */
  changeNumbers(entry: number, changed: (numbers: number[]) => number[]): void {
    const [kind, count] = [this.short(entry + 2), this.long(entry + 4)];
    if ((kind !== SHORT && kind !== LONG) || count > MOST_NUMBERS) return;
    const size = kind === SHORT ? 2 : 4;
    const place = count * size > 4 ? this.long(entry + 8) : entry + 8;
    const positions = Array.from({length: count}, (_, index) => place + index * size);
    const numbers = positions.map((at) => (kind === SHORT ? this.short(at) : this.long(at)));
    for (const [index, value] of changed(numbers).entries()) {
      if (kind === SHORT) this.view.setUint16(positions[index], Math.min(value, 0xffff), this.little);
      else this.setLong(positions[index], value);
    }
  }

  private short(position: number): number {
    return this.view.getUint16(position, this.little);
  }
}

const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const FLASH = 0x9209;
const MAKER_NOTE = 0x927c;
/** The subject's area, and its center alone. */
const SUBJECTS = [0x9214, 0xa214];
const MOST_NUMBERS = 4;
const WIDTHS = [0x0100, 0xa002];
const HEIGHTS = [0x0101, 0xa003];
const SHORT = 3;
const LONG = 4;
/** Unsigned and signed. */
const SHORTS = [SHORT, 8];
const LONGS = [LONG, 9];
