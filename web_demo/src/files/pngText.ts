/**
 * Profiles that ImageMagick stores in PNG files as hexadecimal text: EXIF and XMP from before PNG had
 * chunks for them, and Photoshop's blocks, for which it has none. Matches
 * `keras_f2a.imaging.png_chunks` in the Python package.
 */
import {ascii, concat, startsWith, textAt} from './bytes.js';
import {removeExifName} from './exifBlock.js';
import {deflate, inflateOrNull} from './inflating.js';
import {removePreviews} from './photoshop.js';

/** A profile, and its type as its key names it. The content is null if it is damaged. */
export interface ProfileInText {
  readonly type: string;
  readonly content: Uint8Array | null;
}

/** Returns whether a chunk holds EXIF or XMP, which get chunks of their own in a result. */
export function holdsReplacedProfile(chunk: Uint8Array): boolean {
  return REPLACED_TYPES.some((type) => startsWith(chunk, `${KEY}${type}\0`));
}

/** Returns whether a chunk holds Photoshop's blocks. */
export function holdsPhotoshopBlocks(name: string, chunk: Uint8Array): boolean {
  return (name === 'tEXt' || name === 'zTXt') && startsWith(chunk, PHOTOSHOP_KEY);
}

/**
 * Decodes a profile: its key, 0, its type, its length, and hexadecimal digits.
 *
 * @param name the chunk's name.
 * @param chunk its content.
 */
export async function decodeProfile(name: string, chunk: Uint8Array): Promise<ProfileInText> {
  const keyLength = chunk.indexOf(0);
  const type = textAt(chunk, KEY.length, keyLength - KEY.length);
  if (name !== 'tEXt' && name !== 'zTXt') return {type, content: null};
  const text =
    name === 'tEXt' ? chunk.slice(keyLength + 1) : await inflateOrNull(chunk.subarray(keyLength + 2));
  const [, digits] = PROFILE.exec(new TextDecoder('latin1').decode(text ?? undefined)) ?? [];
  const pairs = (digits ?? '').replace(/\s/g, '').match(/../g);
  return {type, content: pairs && Uint8Array.from(pairs, (pair) => parseInt(pair, 16))};
}

/** Returns the EXIF block among profiles; null if there is none. */
export function findExif(profiles: ProfileInText[]): Uint8Array | null {
  const content = findContent(profiles, 'exif', EXIF_START);
  return content && removeExifName(content);
}

/** Returns the XMP packet among profiles; null if there is none. */
export function findXmp(profiles: ProfileInText[]): Uint8Array | null {
  const content = findContent(profiles, 'xmp', XMP_START);
  return content && startsWith(content, XMP_START) ? content.slice(XMP_START.length) : content;
}

/**
 * Returns a chunk with Photoshop's blocks without their previews, which show the photograph before its
 * correction. Without previews, and if it is damaged, it stays as it is.
 *
 * @param name the chunk's name.
 * @param chunk its content.
 */
export async function removePreviewsInText(name: string, chunk: Uint8Array): Promise<Uint8Array> {
  const profile = await decodeProfile(name, chunk).catch(() => null);
  const blocks = profile?.content;
  const kept = blocks && removePreviews(blocks);
  if (!kept || kept.length === blocks.length) return chunk;
  const digits = Array.from(kept, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const lines = digits.match(/.{1,72}/g) ?? [];
  const text = ascii(['', '8bim', String(kept.length).padStart(8), ...lines, ''].join('\n'));
  const isCompressed = name === 'zTXt';
  return concat([
    ascii(`${PHOTOSHOP_KEY}${isCompressed ? '\0' : ''}`),
    isCompressed ? await deflate(text) : text,
  ]);
}

/** Returns the profile of a type, or else one for a JPEG segment that starts with a name. */
function findContent(profiles: ProfileInText[], profileType: string, start: string): Uint8Array | null {
  for (const key of [profileType, 'APP1']) {
    for (const {type, content} of profiles) {
      if (type === key && content && (key === profileType || startsWith(content, start))) return content;
    }
  }
  return null;
}

const KEY = 'Raw profile type ';
const REPLACED_TYPES = ['exif', 'APP1', 'xmp'];
const PHOTOSHOP_KEY = `${KEY}8bim\0`;
const PROFILE = /^\s*\S+\s+\d+\s+([0-9a-fA-F\s]+)$/;
const EXIF_START = 'Exif\0\0';
const XMP_START = 'http://ns.adobe.com/xap/1.0/\0';
