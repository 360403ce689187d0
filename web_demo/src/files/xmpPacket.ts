import {ascii} from './bytes.js';

export const CAMERA = 'http://ns.google.com/photos/1.0/camera/';
export const CONTAINER = 'http://ns.google.com/photos/1.0/container/';
export const ITEM = 'http://ns.google.com/photos/1.0/container/item/';
export const GAIN_MAP = 'http://ns.adobe.com/hdr-gain-map/1.0/';
export const DEPTH = 'http://ns.google.com/photos/1.0/depthmap/';
export const IMAGE = 'http://ns.google.com/photos/1.0/image/';
export const SOUND = 'http://ns.google.com/photos/1.0/audio/';
export const NOTE = 'http://ns.adobe.com/xmp/note/';
export const XMP = 'http://ns.adobe.com/xap/1.0/';
export const TIFF = 'http://ns.adobe.com/tiff/1.0/';
export const EXIF = 'http://ns.adobe.com/exif/1.0/';
export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/**
 * An XMP packet, whose properties may be attributes or elements, under any prefix.
 *
 * Regular expressions find them, because a parser would rewrite the packet with other quotes, other
 * prefixes and no padding. Matches `keras_f2a.imaging.xmp` in the Python package.
 */
export class Packet {
  /** One character per byte, or per 16-bit unit of UTF-16, so unchanged bytes stay the same. */
  text: string;
  private readonly encoding: 'bytes' | 'little' | 'big';

  /** @param data the packet as stored in a file, in UTF-8 or UTF-16. */
  constructor(data: Uint8Array | string) {
    this.encoding = typeof data === 'string' ? 'bytes' : detectEncoding(data);
    this.text = typeof data === 'string' ? data : decode(data, this.encoding);
  }

  /** The packet in its own encoding. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.encoding === 'bytes') return ascii(this.text);
    const view = new DataView(new ArrayBuffer(2 * this.text.length));
    for (let index = 0; index < this.text.length; index++) {
      view.setUint16(2 * index, this.text.charCodeAt(index), this.encoding === 'little');
    }
    return new Uint8Array(view.buffer);
  }

  /** Returns whether the packet has a property of this namespace. */
  hasNamespace(namespace: string): boolean {
    return new RegExp(`[<${SPACE}]${this.prefixPattern(namespace)}:`).test(this.text);
  }

  /** Returns the value of a simple property; null if there is none. */
  get(namespace: string, name: string): string | null {
    const found = this.propertyPattern(namespace, name).exec(this.text)?.groups;
    return found ? (found.attribute || found.element || '').trim() : null;
  }

  /** Replaces the value of a simple property at every occurrence. It adds no property. */
  set(namespace: string, name: string, value: string | number): void {
    this.replaceValues(namespace, name, () => `${value}`);
  }

  /** Replaces each value of a simple property by what a function makes of it. */
  replaceValues(namespace: string, name: string, replace: (value: string) => string): void {
    this.text = this.text.replace(this.propertyPattern(namespace, name), (...found) => {
      const {before, attribute, open, element, after} = found.at(-1) as Record<string, string | undefined>;
      return `${before ?? open}${replace(attribute ?? element ?? '')}${after ?? ''}`;
    });
  }

  /** Lets a function change each element of this name, with all that it holds, as a `Packet`. */
  updateElements(namespace: string, name: string, update: (part: Packet) => void): void {
    const tag = `${this.prefixPattern(namespace)}:${name}`;
    const {namespaces} = this;
    this.text = this.text.replace(
      new RegExp(`<${tag}(?:[${SPACE}][^<>]*)?/>|<(${tag})(?:[${SPACE}][^<>]*)?>[^]*?</\\1[${SPACE}]*>`, 'g'),
      (found: string) => {
        const part = new Packet(namespaces + found);
        update(part);
        return part.text.slice(namespaces.length);
      },
    );
  }

  /** Removes a property and its contents. Without a name, removes all of the namespace. */
  remove(namespace: string, name = '[\\w.-]+'): void {
    const tag = `${this.prefixPattern(namespace)}:${name}`;
    this.text = this.text.replace(
      new RegExp(
        `[${SPACE}]+${tag}[${SPACE}]*=[${SPACE}]*(?:"[^"]*"|'[^']*')` +
          `|<${tag}(?:[${SPACE}][^<>]*)?/>|<(${tag})(?:[${SPACE}][^<>]*)?>[^]*?</\\1[${SPACE}]*>`,
        'g',
      ),
      '',
    );
  }

  /** Returns the items of all RDF lists as text. */
  listItems(): string[] {
    const tag = `${this.prefixPattern(RDF)}:li`;
    return (
      this.text.match(
        new RegExp(
          `<${tag}(?:[${SPACE}][^<>]*)?/>|<${tag}(?:[${SPACE}][^<>]*)?>[^]*?</${tag}[${SPACE}]*>`,
          'g',
        ),
      ) ?? []
    );
  }

  /** The declarations of all prefixes, which a part of the packet would lack on its own. */
  get namespaces(): string {
    const declarations = this.text.match(new RegExp(DECLARATION, 'g')) ?? [];
    return `<${[...new Set(declarations)].sort().join(' ')}>`;
  }

  /** Returns a part of the text, preceded by the `namespaces`. */
  parsePart(text: string): Packet {
    return new Packet(this.namespaces + text);
  }

  /** Returns a pattern for the prefixes of a namespace. Without any, it matches nothing. */
  private prefixPattern(namespace: string): string {
    const found = [...this.text.matchAll(new RegExp(DECLARATION, 'g'))]
      .filter(([, , double, single]) => (double ?? single) === namespace)
      .map(([, prefix]) => prefix.replace(/\./g, '\\.'));
    return found.length ? `(?:${[...new Set(found)].join('|')})` : '(?!)';
  }

  private propertyPattern(namespace: string, name: string): RegExp {
    const tag = `${this.prefixPattern(namespace)}:${name}`;
    return new RegExp(
      `(?<before>[${SPACE}]${tag}[${SPACE}]*=[${SPACE}]*(?<quote>["']))(?<attribute>[^"']*)` +
        '(?<after>\\k<quote>)' +
        `|(?<open><${tag}(?:[${SPACE}](?:[^<>]*[^<>/])?)?>)(?<element>[^<>]*)`,
      'g',
    );
  }
}

/** Returns a packet with only one property of the `xmpNote` namespace. */
export function packetWithNote(name: string, value: string): Uint8Array {
  return ascii(
    '<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
      `<rdf:RDF xmlns:rdf="${RDF}"><rdf:Description rdf:about="" xmlns:xmpNote="${NOTE}" ` +
      `xmpNote:${name}="${value}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
  );
}

function detectEncoding(data: Uint8Array): 'bytes' | 'little' | 'big' {
  if (data.length % 2) return 'bytes'; // Damaged, or UTF-8.
  if ((data[0] === 0xff && data[1] === 0xfe) || data[1] === 0) return 'little';
  return (data[0] === 0xfe && data[1] === 0xff) || data[0] === 0 ? 'big' : 'bytes';
}

function decode(data: Uint8Array, encoding: 'bytes' | 'little' | 'big'): string {
  const size = encoding === 'bytes' ? 1 : 2;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const parts: string[] = [];
  for (let start = 0; start < data.length; start += 2 * CODES_PER_CALL) {
    const end = Math.min(start + 2 * CODES_PER_CALL, data.length);
    const codes = Array.from({length: (end - start) / size}, (_, index) =>
      size === 1 ? data[start + index] : view.getUint16(start + 2 * index, encoding === 'little'),
    );
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join('');
}

/** Characters per call, because the number of arguments is limited. */
const CODES_PER_CALL = 8192;
/** XML's own white space, because `\s` also matches bytes inside multibyte characters. */
const SPACE = ' \\t\\r\\n';
const DECLARATION = `xmlns:([\\w.-]+)[${SPACE}]*=[${SPACE}]*(?:"([^"]*)"|'([^']*)')`;
