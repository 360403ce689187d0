import {find, textAt, viewOf} from './bytes.js';
import {findImageEnd} from './jpegSegments.js';

/**
 * Blanks the previews that cameras write into an EXIF block, mostly into their maker notes.
 *
 * They show the photograph before its correction. Their bytes become zeros and nothing moves, so
 * the rest of the maker notes stays readable. Two kinds of data are blanked: all complete JPEG
 * images, and data that starts like a JPEG and whose offset and length are in a maker note's
 * directory. Makers count offsets from the start of the block, from their note, or from a TIFF
 * header inside it; all three are tried. Matches `keras_f2a.imaging.previews` in the Python
 * package.
 *
 * @param block the EXIF block, starting at its byte order mark; changed in place.
 * @param noteOffset the position of the maker note in it; null if there is none.
 */
export function blankPreviews(block: Uint8Array, noteOffset: number | null): void {
  if (find(block, JPEG) < 0) return;
  const referenced = noteOffset === null ? [] : new MakerNote(block, noteOffset).findImages();
  for (const [start, end] of referenced) block.fill(0, start, end);
  for (let start = find(block, JPEG); start >= 0; start = find(block, JPEG, start + 1)) {
    const end = findImageEnd(block, start);
    if (end !== null) block.fill(0, start, end);
  }
}

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

/** The directories of a maker note, at all the offsets where makers start them. */
class MakerNote {
  private readonly view: DataView;
  private readonly bases: Set<number>;
  private readonly visited = new Set<string>();
  private readonly images: [number, number][] = [];

  constructor(
    private readonly block: Uint8Array,
    private readonly note: number,
  ) {
    this.view = viewOf(block);
    const headers = ['II*\0', 'MM\0*'].map((mark) => find(block.subarray(0, note + 32), mark, note));
    this.bases = new Set([0, note, ...headers.filter((place) => place >= 0)]);
  }

  /** Returns start and end of the JPEG images that the directories point to. */
  findImages(): [number, number][] {
    for (const isLittleEndian of [true, false]) {
      const inner = [...this.bases]
        .filter((base) => base !== 0 && base !== this.note)
        .map((base) => base + this.readLong(base + 4, isLittleEndian));
      const pending = [...inner, ...DIRECTORY_OFFSETS.map((start) => this.note + start)];
      for (let start = pending.pop(); start !== undefined; start = pending.pop()) {
        pending.push(...this.scanDirectory(start, isLittleEndian));
      }
    }
    return this.images;
  }

  /** Records the images that a directory points to. Returns where more directories may lie. */
  private scanDirectory(start: number, isLittleEndian: boolean): number[] {
    const key = `${isLittleEndian} ${start}`;
    if (this.visited.has(key) || this.visited.size > MAX_DIRECTORIES) return [];
    this.visited.add(key);
    const entries = this.readEntries(start, isLittleEndian);
    const numbers = new Map(
      entries.filter(({type, count}) => type === LONG && count === 1).map(({tag, value}) => [tag, value]),
    );
    const candidates: number[] = [];
    for (const {tag, type, count, value} of entries) {
      const isData = (type === BYTE || type === UNDEFINED) && count > 4;
      // The entry after an offset gives the length.
      const lengthFromNext = numbers.has(tag) ? (numbers.get(tag + 1) ?? 0) : 0;
      const length = isData ? count : lengthFromNext;
      for (const base of this.bases) {
        const offset = base + value;
        const isImage =
          length > 4 && offset + length <= this.block.length && textAt(this.block, offset, 3) === JPEG;
        if (isImage) this.images.push([offset, offset + length]);
        if (numbers.has(tag) || type === DIRECTORY || type === UNDEFINED) candidates.push(offset);
      }
    }
    return candidates;
  }

  /** Returns the entries of a directory; none if there is no directory at this position. */
  private readEntries(start: number, isLittleEndian: boolean): Entry[] {
    if (start <= 0 || start > this.block.length - 2) return [];
    const count = this.view.getUint16(start, isLittleEndian);
    if (count === 0 || count > MAX_ENTRIES || start + 2 + 12 * count > this.block.length) return [];
    const entries = Array.from({length: count}, (_, index) => {
      const offset = start + 2 + 12 * index;
      return {
        tag: this.view.getUint16(offset, isLittleEndian),
        type: this.view.getUint16(offset + 2, isLittleEndian),
        count: this.view.getUint32(offset + 4, isLittleEndian),
        value: this.view.getUint32(offset + 8, isLittleEndian),
      };
    });
    return entries.every(({type}) => type >= BYTE && type <= DIRECTORY) ? entries : [];
  }

  private readLong(position: number, isLittleEndian: boolean): number {
    return position + 4 > this.block.length
      ? this.block.length
      : this.view.getUint32(position, isLittleEndian);
  }
}

const JPEG = '\xff\xd8\xff';
const BYTE = 1;
const LONG = 4;
const UNDEFINED = 7;
const DIRECTORY = 13;
/** Offsets after the names, versions and byte orders that makers write before a directory. */
const DIRECTORY_OFFSETS = [0, 6, 8, 10, 12, 14, 16, 18, 20, 22, 26];
const MAX_ENTRIES = 400;
const MAX_DIRECTORIES = 5000;
