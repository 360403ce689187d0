/**
 * Returns an XMP packet that fits a corrected, upright photograph; every other byte stays.
 *
 * Its orientation becomes 1 and its sizes those of the pixels. What goes: a preview, which shows the
 * photograph before its correction, and what announces parts of the file that the result lacks, an
 * HDR gain map, a video or a second packet. As `keras_f2a.imaging.xmp` of the Python package does.
 *
 * @param packet the packet, in UTF-8.
 * @param width columns of the upright photograph.
 * @param height rows of the upright photograph.
 */
export function xmpOfUprightImage(packet: Uint8Array, width: number, height: number): Uint8Array {
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(packet);
  } catch {
    return packet; // Not the encoding that JPEG, PNG and WebP ask for.
  }
  const prefix = (namespace: string) => prefixOf(text, namespace);
  const set = (namespace: string, name: string, value: number) => {
    const tag = `${prefix(namespace)}:${name}`;
    text = text.replace(new RegExp(`(\\s${tag}\\s*=\\s*["'])[^"']*`, 'g'), `$1${value}`)
      .replace(new RegExp(`(<${tag}(?:\\s[^<>]*)?>)[^<>]*`, 'g'), `$1${value}`);
  };
  const remove = (namespace: string, name: string) => {
    const tag = `${prefix(namespace)}:${name}`;
    text = text.replace(
      new RegExp(`\\s+${tag}\\s*=\\s*(?:"[^"]*"|'[^']*')|<${tag}(?:\\s[^<>]*)?/>|` +
        `<(${tag})(?:\\s[^<>]*)?>[^]*?</\\1\\s*>`, 'g'), '');
  };
  set(TIFF, 'Orientation', 1);
  set(TIFF, 'ImageWidth', width);
  set(TIFF, 'ImageLength', height);
  set(EXIF, 'PixelXDimension', width);
  set(EXIF, 'PixelYDimension', height);
  remove(XMP, 'Thumbnails');
  remove(NOTE, 'HasExtendedXMP');
  remove(CAMERA, '(?:MotionPhoto|MicroVideo)\\w*');
  for (const namespace of PARTS) remove(namespace, '[\\w.-]+');
  return new TextEncoder().encode(text);
}

/** The pattern of the prefixes that stand for a namespace; one that matches nothing. */
function prefixOf(text: string, namespace: string): string {
  const found = [...text.matchAll(/xmlns:([\w-]+)\s*=\s*["']([^"']*)["']/g)]
    .filter((declaration) => declaration[2] === namespace)
    .map((declaration) => declaration[1]);
  return found.length ? `(?:${[...new Set(found)].join('|')})` : '(?!)';
}

const XMP = 'http://ns.adobe.com/xap/1.0/';
const TIFF = 'http://ns.adobe.com/tiff/1.0/';
const EXIF = 'http://ns.adobe.com/exif/1.0/';
const NOTE = 'http://ns.adobe.com/xmp/note/';
const CAMERA = 'http://ns.google.com/photos/1.0/camera/';
const PARTS = [
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  'http://ns.google.com/photos/1.0/container/',
  'http://ns.google.com/photos/1.0/depthmap/',
  'http://ns.google.com/photos/1.0/image/',
  'http://ns.google.com/photos/1.0/audio/',
];
