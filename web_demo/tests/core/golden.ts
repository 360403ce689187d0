import {readdirSync, readFileSync} from 'node:fs';
import {inflateSync} from 'node:zlib';
import {ArrayPixels, CHANNELS, type Engine, type Face, PIXEL_BYTES} from '../../src/core/index.js';

/** The Kotlin core's golden files, which test both ports. */
const FOLDER = new URL('../../../android_demo/app/src/test/resources/golden/', import.meta.url);

/** Returns the names of the golden files that start with `start`. */
export function goldenFiles(start: string): string[] {
  return readdirSync(FOLDER).filter((name) => name.startsWith(start));
}

/** Reads the files that `python -m android_demo.make_golden` writes. */
export class Golden {
  private readonly bytes: Buffer;
  private position = 0;

  constructor(name: string) {
    this.bytes = inflateSync(readFileSync(new URL(name, FOLDER)));
  }

  get isAtEnd(): boolean {
    return this.position === this.bytes.length;
  }

  int(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  float(): number {
    return this.bytes.readFloatBE(this.advance(4));
  }

  double(): number {
    return this.bytes.readDoubleBE(this.advance(8));
  }

  /** Reads what a photograph's file says about the flash. */
  flashFired(): boolean | null {
    const code = this.int();
    return code < 0 ? null : code === 1;
  }

  /** Reads RGB pixels of a photograph and makes them opaque. */
  photo(width: number, height: number): ArrayPixels {
    const photo = new ArrayPixels(width, height);
    for (let at = 0; at < photo.bytes.length; at += PIXEL_BYTES) {
      const start = this.advance(CHANNELS);
      photo.bytes.set([...this.bytes.subarray(start, start + CHANNELS), 255], at);
    }
    return photo;
  }

  /** Reads values that are stored as bytes, in units of 1 / `levels`. */
  values(count: number, levels: number): Float32Array {
    const start = this.advance(count);
    return Float32Array.from(this.bytes.subarray(start, start + count), (value) => value / levels);
  }

  /** Reads values in [0, 1] that are stored in 16 bits. */
  wideValues(count: number): Float32Array {
    const start = this.advance(2 * count);
    return Float32Array.from(
      {length: count},
      (_, index) => this.bytes.readUInt16BE(start + 2 * index) / 65535,
    );
  }

  /** Reads 32-bit floats. */
  floats(count: number): Float32Array {
    return Float32Array.from({length: count}, () => this.float());
  }

  text(): string {
    const length = this.int();
    const start = this.advance(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  faces(): Face[] {
    return Array.from({length: this.int()}, () => {
      const [centerX, centerY, width, height] = Array.from({length: 4}, () => this.float());
      const eyes = Array.from({length: this.int()}, (): [number, number] => [this.float(), this.float()]);
      return {centerX, centerY, width, height, eyes};
    });
  }

  private advance(count: number): number {
    this.position += count;
    return this.position - count;
  }
}

/** Returns the largest difference between two photographs, in gray levels. */
export function largestDifference(first: ArrayPixels, second: ArrayPixels): number {
  return first.bytes.reduce((most, value, index) => Math.max(most, Math.abs(value - second.bytes[index])), 0);
}

/** Returns a fixed output and records its input image. */
export class FakeEngine implements Engine {
  image = new Float32Array();

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly output: Float32Array,
  ) {}

  async run(image: Float32Array): Promise<Float32Array> {
    this.image = image.slice();
    return this.output;
  }
}
