import {crc32, joined, textAt, viewOf} from './bytes.js';
import type {PhotoFile} from './photoFile.js';
import {Problem} from './problem.js';

/** Reads the chunks of a PNG file. */
export async function readPng(bytes: Uint8Array): Promise<PhotoFile> {
  const view = viewOf(bytes);
  let exif: Uint8Array | null = null;
  let profile: Uint8Array | null = null;
  let xmp: Uint8Array | null = null;
  const others: Uint8Array[] = [];
  let alpha = false;
  let animated = false;
  let whole = false;
  let header = -1;
  for (const {name, start, end} of chunks(bytes)) {
    if (name === 'IHDR') header = start;
    else if (name === 'eXIf') exif = bytes.slice(start, end);
    else if (name === 'iCCP') profile = await inflatedProfile(bytes.subarray(start, end));
    else if (name === 'iTXt' && textAt(bytes, start, XMP_KEY.length) === XMP_KEY) {
      // Behind the key: not compressed, and no languages.
      if (bytes[start + XMP_KEY.length] === 0) xmp = bytes.slice(start + XMP_KEY.length + 4, end);
    } else if (isKept(bytes, name, start)) others.push(bytes.slice(start - 8, end + 4));
    else if (name === 'tRNS') alpha = true;
    else if (name === 'acTL') animated = true;
    else if (name === 'IEND') whole = true;
  }
  if (header < 0) throw new Problem('damaged');
  const colourType = view.getUint8(header + 9);
  return {
    format: 'png',
    width: view.getUint32(header),
    height: view.getUint32(header + 4),
    exif,
    profile,
    xmp,
    others,
    grey: colourType === GREY || colourType === GREY_ALPHA,
    cmyk: false,
    alpha: alpha || colourType === GREY_ALPHA || colourType === RGB_ALPHA,
    animated,
    whole,
  };
}

/**
 * Returns a PNG file with another EXIF block and colour profile than its own.
 *
 * @param bytes the file, as a canvas writes it.
 * @param exif the block, from its byte order on; null for none.
 * @param profile the profile; null for none.
 * @param xmp the XMP packet; null for none.
 * @param others chunks that are added as they are.
 */
export async function pngWith(
  bytes: Uint8Array, exif: Uint8Array | null, profile: Uint8Array | null,
  xmp: Uint8Array | null = null, others: Uint8Array[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const {name, start, end} of chunks(bytes)) {
    if (['iCCP', 'eXIf', 'sRGB', ...KEPT].includes(name)) continue;
    parts.push(bytes.subarray(start - 8, end + 4));
    if (name !== 'IHDR') continue;
    if (profile) parts.push(chunk('iCCP', joined([PROFILE_START, await deflated(profile)])));
    if (exif) parts.push(chunk('eXIf', exif));
    if (xmp) parts.push(chunk('iTXt', joined([letters(`${XMP_KEY}\0\0\0\0`), xmp])));
    parts.push(...others);
  }
  return joined(parts);
}

interface Chunk {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The chunks that lie in the file as a whole. */
function* chunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  let position = 8;
  while (position + 12 <= bytes.length) {
    const start = position + 8;
    const end = start + view.getUint32(position);
    if (end + 4 > bytes.length) return;
    yield {name: textAt(bytes, position + 4, 4), start, end};
    position = end + 4;
  }
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const named = joined([letters(name), content]);
  const numbers = new DataView(new ArrayBuffer(8));
  numbers.setUint32(0, content.length);
  numbers.setUint32(4, crc32(named));
  return joined([new Uint8Array(numbers.buffer, 0, 4), named, new Uint8Array(numbers.buffer, 4)]);
}

/** Whether a chunk stays byte for byte: texts, but for old forms of EXIF and XMP, time and color. */
function isKept(bytes: Uint8Array, name: string, start: number): boolean {
  return KEPT.includes(name) && !OLD_FORMS.some((key) => textAt(bytes, start, key.length) === key);
}

function letters(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The profile in an iCCP chunk: a name, a zero, the method 0, and the compressed profile. */
async function inflatedProfile(content: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await through(new DecompressionStream('deflate'), content.slice(content.indexOf(0) + 2));
  } catch {
    return null; // Damaged: it says nothing about the colours.
  }
}

function deflated(content: Uint8Array): Promise<Uint8Array> {
  return through(new CompressionStream('deflate'), content);
}

async function through(
  stream: CompressionStream | DecompressionStream, content: Uint8Array,
): Promise<Uint8Array> {
  const source = new Blob([content as Uint8Array<ArrayBuffer>]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

const PROFILE_START = letters('profile\0\0');
const XMP_KEY = 'XML:com.adobe.xmp\0';
const KEPT = ['tEXt', 'zTXt', 'iTXt', 'tIME', 'pHYs', 'gAMA', 'cHRM', 'cICP'];
const OLD_FORMS = ['exif', 'APP1', 'xmp'].map((name) => `Raw profile type ${name}\0`);
const GREY = 0;
const GREY_ALPHA = 4;
const RGB_ALPHA = 6;
