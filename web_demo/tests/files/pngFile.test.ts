/** Which data in a PNG file is kept, and which files are rejected. */
import {deflateSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {ascii, concat} from '../../src/files/bytes.js';
import {uprightMetadata} from '../../src/files/metadata.js';
import {replacePngMetadata} from '../../src/files/pngFile.js';
import {Problem} from '../../src/files/problem.js';
import {readPhotoFile} from '../../src/files/readPhotoFile.js';
import {exifBlock, flashBlock, packet, SAMPLE_FILES, pngChunk, insertChunks} from './made.js';

/** Writes the metadata that the page keeps into a file with other pixels. */
async function rewrite(bytes: Uint8Array): Promise<Uint8Array> {
  const file = await readPhotoFile(bytes);
  return replacePngMetadata(SAMPLE_FILES.png, uprightMetadata(file, 40, 30, null));
}

describe('a PNG file', () => {
  const xmp = packet('tiff:Orientation="6"');
  const upright = packet('tiff:Orientation="1"');
  const compress = (text: string) => new Uint8Array(deflateSync(Buffer.from(text, 'latin1')));

  it.each([
    ['plain', concat([ascii('XML:com.adobe.xmp\0\0\0\0\0'), ascii(xmp)])],
    ['packed', concat([ascii('XML:com.adobe.xmp\0\x01\0\0\0'), compress(xmp)])],
    [
      'with a language and its own key',
      concat([ascii('XML:com.adobe.xmp\0\x01\0es\0clave\0'), compress(xmp)]),
    ],
  ])('keeps its XMP, %s', async (_, content) => {
    const again = await readPhotoFile(await rewrite(insertChunks(pngChunk('iTXt', content))));
    expect(Buffer.from(again.xmp!.packet).toString()).toBe(upright);
    expect(again.others).toEqual([]);
  });

  /** Returns a chunk of text as ImageMagick writes it. */
  const profileChunk = (chunk: string, type: string, profile: string) => {
    const digits = Buffer.from(profile, 'latin1').toString('hex').replace(/.{72}/g, '$&\n');
    const text = `\n${type}\n${String(profile.length).padStart(8)}\n${digits}\n`;
    const head = ascii(`Raw profile type ${type}\0${chunk === 'zTXt' ? '\0' : ''}`);
    return pngChunk(chunk, concat([head, chunk === 'zTXt' ? compress(text) : ascii(text)]));
  };

  it.each([
    ['tEXt', 'xmp', ''],
    ['zTXt', 'xmp', ''],
    ['zTXt', 'APP1', 'http://ns.adobe.com/xap/1.0/\0'],
  ])('keeps its XMP, as ImageMagick stored it in %s, %s', async (chunk, type, start) => {
    const again = await readPhotoFile(await rewrite(insertChunks(profileChunk(chunk, type, start + xmp))));
    expect(Buffer.from(again.xmp!.packet).toString()).toBe(upright);
    expect(again.others).toEqual([]);
  });

  it.each([
    ['tEXt', 'exif', 'Exif\0\0'],
    ['zTXt', 'exif', ''],
    ['zTXt', 'APP1', 'Exif\0\0'],
  ])('keeps its EXIF, as ImageMagick stored it in %s, %s', async (chunk, type, start) => {
    const block = Buffer.from(exifBlock()).toString('latin1');
    const text = profileChunk(chunk, type, start + block);
    const file = await readPhotoFile(insertChunks(text));
    expect(file.exif).toEqual(exifBlock());
    expect((await readPhotoFile(await rewrite(insertChunks(text)))).others).toEqual([]);
    const newer = flashBlock(1);
    expect((await readPhotoFile(insertChunks(text, pngChunk('eXIf', newer)))).exif).toEqual(newer);
  });

  it('keeps EXIF that starts with the name of a JPEG segment', async () => {
    const named = concat([ascii('Exif\0\0Exif\0\0'), exifBlock()]);
    expect((await readPhotoFile(insertChunks(pngChunk('eXIf', named)))).exif).toEqual(exifBlock());
  });

  it.each(['tEXt', 'zTXt'])('keeps Photoshop’s blocks in %s, but no preview', async (chunk) => {
    const caption = '8BIM\x04\x04\0\0\0\0\0\x04text';
    const preview = '8BIM\x04\x0c\0\0\0\0\0\x04seen';
    const whole = profileChunk(chunk, '8bim', `${caption}${preview}${caption}`);
    const [kept] = (await readPhotoFile(insertChunks(whole))).others;
    expect(kept).toEqual(profileChunk(chunk, '8bim', caption + caption));
    const plain = profileChunk(chunk, '8bim', caption);
    expect((await readPhotoFile(insertChunks(plain))).others).toEqual([plain]);
    const damaged = pngChunk(chunk, ascii('Raw profile type 8bim\0\0x'));
    expect((await readPhotoFile(insertChunks(damaged))).others).toEqual([damaged]);
  });

  it.each(['', '\nxmp\n3\n', '\nxmp\n3\nxyz\n'])('has no XMP in the damaged text %j', async (text) => {
    const content = ascii(`Raw profile type xmp\0${text}`);
    expect((await readPhotoFile(insertChunks(pngChunk('tEXt', content)))).xmp).toBeNull();
  });

  it('keeps every chunk that describes it', async () => {
    const chunks = [
      'tEXt',
      'zTXt',
      'tIME',
      'pHYs',
      'oFFs',
      'sCAL',
      'pCAL',
      'gAMA',
      'cHRM',
      'cICP',
      'sRGB',
      'mDCV',
      'cLLI',
    ].map((name) => pngChunk(name, ascii(`Name\0${name}`)));
    expect((await readPhotoFile(await rewrite(insertChunks(...chunks)))).others).toEqual(chunks);
  });

  it.each([
    ['iCCP', 'profile\0\0'],
    ['iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0'],
  ])('is refused if its %s unpacks to what no memory holds, before it has', async (name, head) => {
    const bomb = insertChunks(pngChunk(name, concat([ascii(head), compressZeros(2 ** 31)])));
    expect(bomb.length).toBeLessThan(4e6);
    const before = process.memoryUsage().rss;
    const problem = await readPhotoFile(bomb).catch((error: unknown) => error);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(problem).toEqual(new Problem('unpacksTooLarge', {most: 16}));
  });

  it.each([
    ['linear light', 9, 8],
    ['a logarithmic curve', 9, 9],
    ['PQ', 9, 16],
    ['ST 428', 12, 17],
    ['HLG', 9, 18],
    ['XYZ', 10, 13],
  ])('is refused if its colors are %s', async (_, primaries, transfer) => {
    const chunk = pngChunk('cICP', Uint8Array.of(primaries, transfer, 0, 1));
    const problem = await readPhotoFile(insertChunks(chunk)).catch((error: unknown) => error);
    expect(problem).toEqual(new Problem('colors'));
  });

  it.each([
    ['sRGB', [1, 13, 0, 1]],
    ['Display P3', [12, 13, 0, 1]],
    ['BT.2020 for standard range', [9, 14, 0, 1]],
    ['damaged, as in the package', [9, 16]],
  ])('keeps its colors: %s', async (_, codes) => {
    const chunk = pngChunk('cICP', Uint8Array.from(codes));
    expect((await readPhotoFile(insertChunks(chunk))).others).toEqual([chunk]);
  });

  it.each([
    [8, []],
    [16, ['bits']],
  ])('of %i bits per color says what is left out', async (depth, leftOut) => {
    const bytes = SAMPLE_FILES.png.slice();
    bytes[24] = depth;
    expect((await readPhotoFile(bytes)).leftOut).toEqual(leftOut);
  });

  it('with a damaged packet or profile is read without it', async () => {
    const file = await readPhotoFile(
      insertChunks(
        pngChunk('iCCP', ascii('profile\0\0abc')),
        pngChunk('iTXt', ascii('XML:com.adobe.xmp\0\x01\0\0\0abc')),
      ),
    );
    expect([file.profile, file.xmp]).toEqual([null, null]);
  });
});

/** Returns compressed data that expands to about `size` zeros. Only its checksum is missing. */
function compressZeros(size: number): Uint8Array {
  const block = 2 ** 24;
  // A zlib header, then the same compressed block repeatedly, which ends at a byte boundary.
  const compressed = new Uint8Array(deflateSync(new Uint8Array(block), {finishFlush: 2 /* Z_SYNC_FLUSH */}));
  const compressedBlock = compressed.subarray(2);
  return concat([compressed.subarray(0, 2), ...Array.from({length: size / block}, () => compressedBlock)]);
}
