import {crc32} from '../files/bytes.js';

/** Writes a zip file of files that are compressed already: nothing is compressed again. */
export class ZipFile {
  private readonly parts: BlobPart[] = [];
  private readonly directory: Uint8Array<ArrayBuffer>[] = [];
  private position = 0;

  /**
   * Adds a file.
   *
   * @throws RangeError if the whole grows beyond the 4 GB that every reader of zip files takes.
   */
  async add(name: string, content: Blob): Promise<void> {
    const crc = crc32(new Uint8Array(await content.arrayBuffer()));
    const path = new TextEncoder().encode(name);
    if (this.position + content.size > LARGEST || this.directory.length === MOST_FILES) {
      throw new RangeError('a zip file holds no more than 4 GB');
    }
    const common = [VERSION, UTF8, STORED, ...dateOf(new Date())];
    const sizes = [crc, content.size, content.size];
    const header = record([0x04034b50], common, sizes, [path.length, 0]);
    this.directory.push(
      record([0x02014b50], [VERSION, ...common], sizes, [path.length, 0, 0, 0, 0], [0, this.position]),
      path);
    this.parts.push(header, path, content);
    this.position += header.length + path.length + content.size;
  }

  /** Returns the finished file. */
  finished(): Blob {
    const size = this.directory.reduce((sum, part) => sum + part.length, 0);
    const count = this.directory.length / 2;
    const end = record([0x06054b50], [0, 0, count, count], [size, this.position], [0]);
    return new Blob([...this.parts, ...this.directory, end], {type: 'application/zip'});
  }
}

/** Little-endian numbers, by turns groups of 32 and of 16 bits. */
function record(...groups: number[][]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  groups.forEach((group, index) => {
    for (const number of group) {
      for (let byte = 0; byte < (index % 2 === 0 ? 4 : 2); byte++) {
        bytes.push(Math.floor(number / 2 ** (8 * byte)) & 0xff);
      }
    }
  });
  return Uint8Array.from(bytes);
}

/** Time and date as zip files have them. */
function dateOf(date: Date): [number, number] {
  return [
    date.getHours() << 11 | date.getMinutes() << 5 | date.getSeconds() >> 1,
    (date.getFullYear() - 1980) << 9 | (date.getMonth() + 1) << 5 | date.getDate(),
  ];
}

const VERSION = 20;
const UTF8 = 0x0800;
const STORED = 0;
const LARGEST = 2 ** 32 - 2 ** 24;
const MOST_FILES = 2 * 0xfffe;
