/**
 * Compares this code with the Python package, which wrote the expected results, on the same files.
 */
import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {exifOfUprightImage, flashFired} from '../../src/files/exifBlock.js';
import {uprightMetadata} from '../../src/files/metadata.js';
import type {PhotoFile} from '../../src/files/photoFile.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';

interface ExifCase {
  readonly exif: string;
  readonly expected: string;
  readonly flashFired: boolean | null;
}

interface JpegCase {
  readonly jpeg: string;
  readonly packet: string;
  readonly extension: string;
  readonly photoshop: string[];
  readonly gainMap: string | null;
  readonly leftOut: string[];
}

/** Written by `tests/web_demo/test_files.py`, which runs this test. */
const CASES = process.env.CASES;
const WIDTH = 64;
const HEIGHT = 48;

it.runIf(CASES)('keeps what the Python package keeps', async () => {
  const cases = JSON.parse(readFileSync(CASES!, 'utf8')) as (ExifCase | JpegCase)[];
  let compared = 0;
  for (const [index, each] of cases.entries()) {
    const found = 'exif' in each ? convertExif(each) : await convertJpeg(each);
    if (!found) continue;
    expect(found, `file ${index}`).toEqual(each);
    compared += 1;
  }
  console.log(`${compared} of ${cases.length} files compared`);
});

function convertExif({exif}: ExifCase): ExifCase {
  const block = bytes(exif);
  const expected = text(exifOfUprightImage(block, WIDTH, HEIGHT));
  return {exif, expected, flashFired: flashFired(block)};
}

/** Returns null for a file whose image is damaged too, which the page rejects. */
async function convertJpeg({jpeg}: JpegCase): Promise<JpegCase | null> {
  const file: PhotoFile | null = await readPhotoFile(bytes(jpeg)).catch(() => null);
  if (!file) return null;
  const {xmp, others, gainMap} = uprightMetadata(file, WIDTH, HEIGHT, file.gainMap);
  return {
    jpeg,
    packet: text(xmp?.packet),
    extension: text(xmp?.extension),
    photoshop: others.filter((segment) => segment[1] === 0xed).map(text),
    gainMap: gainMap && text(gainMap.jpeg),
    // The package counts additional images elsewhere.
    leftOut: file.leftOut.filter((part) => part !== 'pictures').sort(),
  };
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function text(content: Uint8Array | null | undefined): string {
  return Buffer.from(content ?? []).toString('base64');
}
