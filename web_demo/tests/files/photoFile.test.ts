import {describe, expect, it} from 'vitest';
import {ascii, bigEndian, crc32, concat, viewOf} from '../../src/files/bytes.js';
import {exifOfUprightImage, flashFired} from '../../src/files/exifBlock.js';
import {replaceJpegMetadata} from '../../src/files/jpegFile.js';
import {uprightMetadata} from '../../src/files/metadata.js';
import {orientationBlock} from '../../src/files/orientationBlock.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';
import {replacePngMetadata} from '../../src/files/pngFile.js';
import {Problem} from '../../src/files/problem.js';
import {xmpFromPacket} from '../../src/files/extendedXmp.js';
import {exifBlock, flashBlock, NO_METADATA, packet, SAMPLE_FILES, pngChunk, segment} from './made.js';

async function problemOf(bytes: Uint8Array): Promise<string> {
  return readPhotoFile(bytes).then(
    () => '',
    (error: unknown) => {
      expect(error).toBeInstanceOf(Problem);
      return (error as Problem).kind;
    },
  );
}

describe.each(Object.entries(SAMPLE_FILES))('a %s file', (format, bytes) => {
  it('is read', async () => {
    const file = await readPhotoFile(bytes);
    expect(file.format).toBe(format);
    expect(Math.min(file.width, file.height)).toBeGreaterThan(100);
    expect([file.isComplete, file.isAnimated, file.isCmyk]).toEqual([true, false, false]);
  });

  it('that ends anywhere is damaged', async () => {
    for (let length = 12; length < bytes.length; length += Math.ceil(length / 3)) {
      expect(await problemOf(bytes.subarray(0, length)), `${length} bytes`).toBe('damaged');
    }
    expect(await problemOf(bytes.subarray(0, bytes.length - 2))).toBe('damaged');
  });
});

it('says what is no photograph', async () => {
  expect(await problemOf(new Uint8Array())).toBe('empty');
  expect(await problemOf(Uint8Array.of(0xff))).toBe('notAPhoto');
  expect(await problemOf(new TextEncoder().encode('a letter'))).toBe('notAPhoto');
  expect(await problemOf(new TextEncoder().encode('GIF89a…'))).toBe('animated');
});

it('refuses a size that no memory holds, before anything is decoded', async () => {
  const huge = SAMPLE_FILES.png.slice();
  viewOf(huge).setUint32(16, 20_000);
  viewOf(huge).setUint32(20, 20_000);
  expect(await problemOf(huge)).toBe('tooLarge');
  viewOf(huge).setUint32(16, 10_000);
  viewOf(huge).setUint32(20, 10_001);
  const problem: Problem = await readPhotoFile(huge).catch((error) => error);
  expect(problem.details, 'not 100 of at most 100').toEqual({megapixels: 100.1, most: 100});
  viewOf(huge).setUint32(16, 8);
  expect(await problemOf(huge)).toBe('tooSmall');
});

describe('metadata', () => {
  const profile = Uint8Array.from({length: 150_000}, (_, index) => index % 251);
  const exif = exifBlock();

  it.each(['jpeg', 'png'] as const)('is put into a %s file and read again', async (format) => {
    const plain = SAMPLE_FILES[format];
    const given = {...NO_METADATA, exif, profile};
    const made =
      format === 'jpeg' ? replaceJpegMetadata(plain, given) : await replacePngMetadata(plain, given);
    const file = await readPhotoFile(made);
    expect(file.exif).toEqual(exif);
    expect(Buffer.compare(file.profile!, profile)).toBe(0);
    const bare =
      format === 'jpeg'
        ? replaceJpegMetadata(made, NO_METADATA)
        : await replacePngMetadata(made, NO_METADATA);
    const again = await readPhotoFile(bare);
    expect([again.exif, again.profile, again.width]).toEqual([null, null, file.width]);
  });

  it('is that of an upright photograph without a preview, and the same else', () => {
    const made = exifOfUprightImage(exif, 4000, 3000)!;
    const changed = [...made.keys()].filter((index) => made[index] !== exif[index]);
    expect(changed).toEqual([18, 34, 50, 51, 62, 63]);
    const view = viewOf(made);
    expect([18, 34, 50, 62].map((at) => view.getUint16(at, true))).toEqual([1, 0, 4000, 3000]);
  });

  it.each(['jpeg', 'png'] as const)('stays in a %s file: captions, texts and XMP', async (format) => {
    const others =
      format === 'jpeg'
        ? [segment(0xed, 'Photoshop 3.0\0', '8BIM caption'), segment(0xfe, 'at the lake')]
        : [pngChunk('tEXt', ascii('Title\0a dinner')), pngChunk('gAMA', Uint8Array.of(0, 0, 177, 143))];
    const xmp = xmpFromPacket(ascii(packet('tiff:Orientation="1"')));
    const plain = SAMPLE_FILES[format];
    const given = {...NO_METADATA, xmp, others};
    const made =
      format === 'jpeg' ? replaceJpegMetadata(plain, given) : await replacePngMetadata(plain, given);
    const file = await readPhotoFile(made);
    expect(file.xmp).toEqual(xmp);
    expect(file.others).toEqual(others);
  });

  it.each(['jpeg', 'png'] as const)('with an unequal resolution turns in a %s file', async (format) => {
    const [plain, turned] = [
      [bigEndian(4, 3000, 6000), '0.1\0' + '0.2', bigEndian(2, 72, 144)],
      [bigEndian(4, 6000, 3000), '0.2\0' + '0.1', bigEndian(2, 144, 72)],
    ].map(([sides, scale, density]) =>
      format === 'jpeg'
        ? [segment(0xe0, 'JFIF\0\x01\x02\x01', density, '\0\0')]
        : [
            pngChunk('pHYs', concat([sides as Uint8Array, Uint8Array.of(1)])),
            pngChunk('sCAL', ascii(`\x01${String(scale)}`)),
          ],
    );
    const file = await readPhotoFile(SAMPLE_FILES[format]);
    const xmp = xmpFromPacket(ascii(packet('tiff:XResolution="72/1" tiff:YResolution="144/1"')));
    for (const orientation of [1, 3, 6, 8]) {
      const made = {...file, xmp, others: plain, exif: orientationBlock(orientation)};
      const kept = uprightMetadata(made, 40, 30, null);
      expect(kept.others).toEqual(orientation > 4 ? turned : plain);
      const [x, y] = orientation > 4 ? [144, 72] : [72, 144];
      expect(Buffer.from(kept.xmp!.packet).toString()).toContain(
        `tiff:XResolution="${x}/1" tiff:YResolution="${y}/1"`,
      );
    }
  });

  it('of more than 64 kB is split over the segments of a JPEG file and joined', async () => {
    const large = concat([exif, new Uint8Array(90_000).fill(7)]);
    const file = await readPhotoFile(replaceJpegMetadata(SAMPLE_FILES.jpeg, {...NO_METADATA, exif: large}));
    expect(Buffer.compare(file.exif!, large)).toBe(0);
  });

  it('in XMP is that of an upright photograph and announces no parts that are gone', async () => {
    const before = packet(
      'tiff:Orientation="6" xmp:Rating="5" hdrgm:Version="1.0"' + ' GCamera:MotionPhoto="1"',
      '<tiff:ImageWidth>30</tiff:ImageWidth>' +
        '<xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails><Container:Directory>x</Container:Directory>',
    );
    const after = packet('tiff:Orientation="1" xmp:Rating="5"', '<tiff:ImageWidth>40</tiff:ImageWidth>');
    const file = await readPhotoFile(
      replaceJpegMetadata(SAMPLE_FILES.jpeg, {...NO_METADATA, xmp: xmpFromPacket(ascii(before))}),
    );
    const {xmp} = uprightMetadata(file, 40, 30, null);
    expect(new TextDecoder().decode(xmp!.packet)).toBe(after);
  });

  it('has the upright size in its main directory too', () => {
    const block = exif.slice();
    viewOf(block).setUint16(22, 0x0100, true); // Replaces the link to the other directory.
    expect(viewOf(exifOfUprightImage(block, 4000, 3000)!).getUint32(30, true)).toBe(4000);
  });

  it('is left out where it is damaged', () => {
    for (let length = 0; length < 64; length++) {
      expect(exifOfUprightImage(exif.subarray(0, length), 4, 3), `${length} bytes`).toBeNull();
    }
  });
});

describe('the flash', () => {
  it.each([
    [0, false],
    [1, true],
    [16, false],
    [24, false],
    [25, true],
    [0x5f, true],
  ])('of %i in the EXIF block: %s', (value, fired) => {
    for (const kind of [3, 4]) expect(flashFired(flashBlock(value, kind))).toBe(fired);
  });

  it.each([
    ['no block', null],
    ['an empty block', new Uint8Array()],
    ['no such tag', exifBlock()],
    ['another type', flashBlock(1, 9)],
    ['two values', flashBlock(1, 3, 2)],
    ['a cut directory', flashBlock(1).subarray(0, 12)],
    ['a cut entry', flashBlock(1).subarray(0, -9)],
    ['no byte order', ascii('text')],
  ])('is not told by %s', (_, block) => expect(flashFired(block)).toBeNull());

  it.each(['jpeg', 'png'] as const)('is told by a %s file', async (format) => {
    const given = {...NO_METADATA, exif: flashBlock(16)};
    const plain = SAMPLE_FILES[format];
    const made =
      format === 'jpeg' ? replaceJpegMetadata(plain, given) : await replacePngMetadata(plain, given);
    expect(flashFired((await readPhotoFile(made)).exif)).toBe(false);
  });
});

it('has the checksum of PNG files', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(concat([Uint8Array.of(1), Uint8Array.of(2, 3)])).toEqual(Uint8Array.of(1, 2, 3));
});
