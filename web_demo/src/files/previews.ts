import {find, textAt, viewOf} from './bytes.js';
import {pictureEnd} from './jpegSegments.js';

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
 * @param note the position of the maker note in it; null if there is none.
 */
export function blankPreviews(block: Uint8Array, note: number | null): void {
  if (find(block, JPEG) < 0) return;
  const addressed = note === null ? [] : new MakerNote(block, note).pictures();
  for (const [start, end] of addressed) block.fill(0, start, end);
  for (let start = find(block, JPEG); start >= 0; start = find(block, JPEG, start + 1)) {
    const end = pictureEnd(block, start);
    if (end !== null) block.fill(0, start, end);
  }
}

interface Entry {
  readonly tag: number;
  readonly kind: number;
  readonly count: number;
  readonly value: number;
}

/** The directories of a maker note, at all the offsets where makers start them. */
class MakerNote {
  private readonly view: DataView;
  private readonly bases: Set<number>;
  private readonly seen = new Set<string>();
  private readonly found: [number, number][] = [];

  constructor(
    private readonly block: Uint8Array,
    private readonly note: number,
  ) {
    this.view = viewOf(block);
    const headers = ['II*\0', 'MM\0*'].map((mark) => find(block.subarray(0, note + 32), mark, note));
    this.bases = new Set([0, note, ...headers.filter((place) => place >= 0)]);
  }

  /** Returns start and end of the JPEG images that the directories point to. */
  pictures(): [number, number][] {
    for (const little of [true, false]) {
      const inner = [...this.bases]
        .filter((base) => base !== 0 && base !== this.note)
        .map((base) => base + this.long(base + 4, little));
      const waiting = [...inner, ...STARTS.map((start) => this.note + start)];
      for (let start = waiting.pop(); start !== undefined; start = waiting.pop()) {
        waiting.push(...this.directory(start, little));
      }
    }
    return this.found;
  }

  /** Records the images that a directory points to. Returns where more directories may lie. */
  private directory(start: number, little: boolean): number[] {
    const key = `${little} ${start}`;
    if (this.seen.has(key) || this.seen.size > MOST_DIRECTORIES) return [];
    this.seen.add(key);
    const entries = this.entries(start, little);
    const numbers = new Map(
      entries.filter(({kind, count}) => kind === LONG && count === 1).map(({tag, value}) => [tag, value]),
    );
    const further: number[] = [];
    for (const {tag, kind, count, value} of entries) {
      const isData = (kind === BYTE || kind === UNDEFINED) && count > 4;
      const length = isData ? count : numbers.has(tag) ? (numbers.get(tag + 1) ?? 0) : 0;
      for (const base of this.bases) {
        const place = base + value;
        const isPicture =
          length > 4 && place + length <= this.block.length && textAt(this.block, place, 3) === JPEG;
        if (isPicture) this.found.push([place, place + length]);
        if (numbers.has(tag) || kind === DIRECTORY || kind === UNDEFINED) further.push(place);
      }
    }
    return further;
  }

  /** Returns the entries of a directory; none if there is no directory at this position. */
  private entries(start: number, little: boolean): Entry[] {
    if (start <= 0 || start > this.block.length - 2) return [];
    const count = this.view.getUint16(start, little);
    if (count === 0 || count > MOST_ENTRIES || start + 2 + 12 * count > this.block.length) return [];
    const entries = Array.from({length: count}, (_, index) => {
      const at = start + 2 + 12 * index;
      return {
        tag: this.view.getUint16(at, little),
        kind: this.view.getUint16(at + 2, little),
        count: this.view.getUint32(at + 4, little),
        value: this.view.getUint32(at + 8, little),
      };
    });
    return entries.every(({kind}) => kind >= BYTE && kind <= DIRECTORY) ? entries : [];
  }

  private long(position: number, little: boolean): number {
    return position + 4 > this.block.length ? this.block.length : this.view.getUint32(position, little);
  }
}

const JPEG = '\xff\xd8\xff';
const BYTE = 1;
const LONG = 4;
const UNDEFINED = 7;
const DIRECTORY = 13;
/** Offsets after the names, versions and byte orders that makers write before a directory. */
const STARTS = [0, 6, 8, 10, 12, 14, 16, 18, 20, 22, 26];
const MOST_ENTRIES = 400;
const MOST_DIRECTORIES = 5000;
