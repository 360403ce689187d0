import {ascii, bigEndian, concat, crc32, startsWith, textAt, viewOf} from './bytes.js';
import {declareParts} from './containerDirectory.js';
import {removeExifName} from './exifBlock.js';
import {standalonePacket, xmpFromPacket} from './extendedXmp.js';
import {deflate, inflateOrNull} from './inflating.js';
import type {Metadata} from './metadata.js';
import type {PhotoFile} from './photoFile.js';
import {
  decodeProfile,
  findExif,
  findXmp,
  holdsPhotoshopBlocks,
  holdsReplacedProfile,
  type ProfileInText,
  removePreviewsInText,
} from './pngText.js';
import {Problem} from './problem.js';

/** Reads the chunks of a PNG file. */
export async function readPng(bytes: Uint8Array): Promise<PhotoFile> {
  const view = viewOf(bytes);
  let exif: Uint8Array | null = null;
  let profile: Uint8Array | null = null;
  let xmp: Uint8Array | null = null;
  const others: Uint8Array[] = [];
  let hasAlpha = false;
  let isAnimated = false;
  let isComplete = false;
  let header = -1;
  const profilesInText: ProfileInText[] = [];
  for (const {name, start, end} of readChunks(bytes)) {
    const content = bytes.subarray(start, end);
    if (name === 'cICP' && hasSpecialColors(content)) throw new Problem('colors');
    if (name === 'IHDR') header = start;
    else if (name === 'eXIf') exif = removeExifName(content);
    else if (name === 'iCCP') profile = await inflateProfile(content);
    else if (name === 'iTXt' && startsWith(content, XMP_KEY)) xmp = await decodeText(content);
    else if (holdsReplacedProfile(content)) profilesInText.push(await decodeProfile(name, content));
    else if (holdsPhotoshopBlocks(name, content)) others.push(await withoutPreviews(name, content));
    else if (isPreserved(name, content)) others.push(bytes.slice(start - 8, end + 4));
    else if (name === 'tRNS') hasAlpha = true;
    else if (name === 'acTL') isAnimated = true;
    else if (name === 'IEND') isComplete = true;
  }
  if (header < 0) throw new Problem('damaged');
  exif ??= findExif(profilesInText);
  xmp ??= findXmp(profilesInText);
  const colorType = view.getUint8(header + 9);
  return {
    format: 'png',
    width: view.getUint32(header),
    height: view.getUint32(header + 4),
    exif,
    profile,
    xmp: xmpFromPacket(xmp),
    others,
    gainMap: null,
    leftOut: view.getUint8(header + 8) > 8 ? ['bits'] : [],
    isGray: colorType === GRAY || colorType === GRAY_ALPHA,
    isCmyk: false,
    hasAlpha: hasAlpha || colorType === GRAY_ALPHA || colorType === RGB_ALPHA,
    isAnimated,
    isComplete,
  };
}

/**
 * Returns a PNG file with the given metadata and none of its own.
 *
 * @param bytes the file, as written by a canvas.
 * @param metadata the metadata to add.
 */
export async function replacePngMetadata(
  bytes: Uint8Array,
  {exif, profile, xmp, others}: Metadata,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const {name, start, end} of readChunks(bytes)) {
    if (['iCCP', 'eXIf', ...PRESERVED_CHUNKS].includes(name)) continue;
    parts.push(bytes.subarray(start - 8, end + 4));
    if (name !== 'IHDR') continue;
    if (profile) parts.push(encodeChunk('iCCP', ascii('profile\0\0'), await deflate(profile)));
    if (exif) parts.push(encodeChunk('eXIf', exif));
    if (xmp) {
      // Uncompressed, as the XMP specification requires, and without language tags.
      parts.push(encodeChunk('iTXt', ascii(`${XMP_KEY}\0\0\0\0`), declareParts(standalonePacket(xmp), null)));
    }
    parts.push(...others);
  }
  return concat(parts);
}

interface Chunk {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Returns a PNG file without EXIF. */
export function removeExif(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 8)];
  for (const {name, start, end} of readChunks(bytes)) {
    if (name !== 'eXIf') parts.push(bytes.subarray(start - 8, end + 4));
  }
  return concat(parts);
}

/** Encodes a chunk with Photoshop's blocks, which keeps every block but previews. */
async function withoutPreviews(name: string, content: Uint8Array): Promise<Uint8Array> {
  return encodeChunk(name, await removePreviewsInText(name, content));
}

/** Yields the chunks that are complete. */
function* readChunks(bytes: Uint8Array): Generator<Chunk> {
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

function encodeChunk(name: string, ...parts: Uint8Array[]): Uint8Array {
  const body = concat([ascii(name), ...parts]);
  return concat([bigEndian(4, body.length - name.length), body, bigEndian(4, crc32(body))]);
}

/** Returns whether a chunk of text, time or color is kept. XMP in a chunk other than iTXt is not. */
function isPreserved(name: string, content: Uint8Array): boolean {
  return PRESERVED_CHUNKS.includes(name) && !startsWith(content, XMP_KEY);
}

/**
 * Returns whether a cICP chunk names colors that cannot be corrected directly, as listed in
 * `keras_f2a.imaging.cicp`.
 */
function hasSpecialColors(content: Uint8Array): boolean {
  return content.length === 4 && (content[0] === XYZ || SPECIAL_CURVES.includes(content[1]));
}

/**
 * Returns the text of an iTXt chunk: key, 0, compressed or not, method, language, 0, key, 0, text.
 */
async function decodeText(content: Uint8Array): Promise<Uint8Array | null> {
  const flags = content.indexOf(0) + 1;
  const language = content.indexOf(0, flags + 2);
  const key = content.indexOf(0, language + 1);
  if (language < 0 || key < 0) return null;
  const text = content.slice(key + 1);
  return content[flags] === 0 ? text : inflateOrNull(text);
}

/** Returns the profile in an iCCP chunk: a name, a 0, the method 0, and the compressed profile. */
function inflateProfile(content: Uint8Array): Promise<Uint8Array | null> {
  return inflateOrNull(content.subarray(content.indexOf(0) + 2));
}

const XMP_KEY = 'XML:com.adobe.xmp\0';
const PRESERVED_CHUNKS = [
  'tEXt',
  'zTXt',
  'iTXt',
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
];
/** H.273 codes for linear light, logarithmic curves, PQ, ST 428 and HLG. */
const SPECIAL_CURVES = [8, 9, 10, 16, 17, 18];
const XYZ = 10;
const GRAY = 0;
const GRAY_ALPHA = 4;
const RGB_ALPHA = 6;
