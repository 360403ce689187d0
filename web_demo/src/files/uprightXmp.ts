import {rotateRectangle, rotateSubjectArea, swapsAxes} from './turns.js';
import {EXIF, Packet, RDF, TIFF, XMP} from './xmpPacket.js';

/** The upright picture, and how the stored one lies. */
export interface UprightImage {
  /** Columns of the upright picture. */
  readonly width: number;
  /** Rows of it. */
  readonly height: number;
  /** Of the stored picture, 1 to 8 as in EXIF. */
  readonly orientation: number;
}

/**
 * Returns a packet that fits a corrected, upright photograph; every other byte stays.
 *
 * Its orientation becomes 1, and its sizes become those of the pixels. The resolution turns with
 * the pixels, and so do regions, such as the faces that phones and photo managers mark. A preview is
 * removed because it shows the photograph before its correction. Matches `keras_f2a.imaging.upright_xmp`
 * in the Python package.
 */
export function xmpOfUprightImage(data: Uint8Array, upright: UprightImage): Uint8Array {
  const packet = new Packet(data);
  packet.set(TIFF, 'Orientation', 1);
  packet.set(TIFF, 'ImageWidth', upright.width);
  packet.set(TIFF, 'ImageLength', upright.height);
  packet.set(EXIF, 'PixelXDimension', upright.width);
  packet.set(EXIF, 'PixelYDimension', upright.height);
  if (swapsAxes(upright.orientation)) {
    swapValues(packet, TIFF, 'XResolution', 'YResolution');
    swapValues(packet, EXIF, 'FocalPlaneXResolution', 'FocalPlaneYResolution');
  }
  packet.remove(XMP, 'Thumbnails');
  if (upright.orientation !== 1) {
    rotateRegions(packet, upright);
    rotateSubject(packet, upright);
  }
  return packet.bytes;
}

/**
 * Turns the regions of the Metadata Working Group, ACDSee and Microsoft.
 *
 * They are shares of the sides as the file stores the pixels. Some programs describe the upright
 * picture instead, which the dimensions that come with the regions tell.
 */
function rotateRegions(packet: Packet, upright: UprightImage): void {
  const {orientation} = upright;
  const swaps = swapsAxes(orientation);
  if (swaps && isDescribedUpright(packet, upright)) return;
  for (const {regions, areas, names} of REGIONS) {
    for (const name of names) {
      packet.updateElements(regions, name, (area) => rotateArea(area, areas, orientation));
    }
    if (swaps) packet.updateElements(regions, 'AppliedToDimensions', swapSides);
  }
  packet.replaceValues(MICROSOFT_REGION, 'Rectangle', (text) => rotateRectangleText(text, orientation));
}

/** Returns whether the first dimensions lie as the upright picture does, not as it is stored. */
function isDescribedUpright(packet: Packet, upright: UprightImage): boolean {
  for (const namespace of DIMENSIONS) {
    const [width, height] = ['w', 'h'].map((side) => parseNumber(packet.get(namespace, side)) ?? 0);
    if (width && height && width !== height && upright.width !== upright.height) {
      return width > height === upright.width > upright.height;
    }
  }
  return false;
}

function swapSides(dimensions: Packet): void {
  for (const namespace of DIMENSIONS) swapValues(dimensions, namespace, 'w', 'h');
}

/** Exchanges two values, if the packet has both. */
function swapValues(packet: Packet, namespace: string, name: string, other: string): void {
  const [first, second] = [packet.get(namespace, name), packet.get(namespace, other)];
  if (first === null || second === null) return;
  packet.set(namespace, name, second);
  packet.set(namespace, other, first);
}

/** Turns an area around its center (x, y); a point has no sides, and a circle a diameter. */
function rotateArea(area: Packet, namespace: string, orientation: number): void {
  const texts = ['x', 'y', 'w', 'h'].map((name) => area.get(namespace, name));
  const [x, y, width, height] = texts.map(parseNumber);
  if (x === null || y === null || area.get(namespace, 'unit') === 'pixel') return;
  const [left, top] = rotateRectangle([x, y, 0, 0], orientation);
  const values: [string, number][] = [
    ['x', left],
    ['y', top],
  ];
  if (width !== null && height !== null && swapsAxes(orientation)) values.push(['w', height], ['h', width]);
  const precision = maxFractionDigits(texts);
  for (const [name, value] of values) area.set(namespace, name, value.toFixed(precision));
}

/** Turns Microsoft's left, top, width and height. */
function rotateRectangleText(text: string, orientation: number): string {
  const parts = text.split(',');
  const [left, top, width, height] = parts.map(parseNumber);
  if (parts.length !== 4 || left === null || top === null || width === null || height === null) return text;
  const rotated = rotateRectangle([left, top, width, height], orientation);
  return rotated.map((value) => value.toFixed(maxFractionDigits(parts))).join(', ');
}

/** Turns XMP's copies of what EXIF says of the subject. */
function rotateSubject(packet: Packet, {width, height, orientation}: UprightImage): void {
  const rotateList = (part: Packet) => {
    const items = part.listItems().map((item) => parseNumber(item.replace(/<[^<>]*>/g, '')));
    const numbers = items.filter((item) => item !== null && Number.isInteger(item)) as number[];
    if (numbers.length < 2 || numbers.length !== items.length) return;
    const values = rotateSubjectArea(numbers, orientation, width, height).values();
    part.replaceValues(RDF, 'li', (text) => `${values.next().value ?? text}`);
  };
  for (const name of ['SubjectArea', 'SubjectLocation']) packet.updateElements(EXIF, name, rotateList);
}

/** Returns a number that is not negative; null for anything else. */
function parseNumber(text: string | null): number | null {
  const trimmed = (text ?? '').trim();
  return /^[0-9]*\.?[0-9]+$/.test(trimmed) ? Number(trimmed) : null;
}

/** Returns how many digits at most the numbers have behind the point. */
function maxFractionDigits(texts: (string | null)[]): number {
  const lengths = texts.map((text) => ((text ?? '').trim().split('.')[1] ?? '').length);
  return Math.min(Math.max(...lengths), MAX_DIGITS);
}

/** As many as `toFixed` takes. */
const MAX_DIGITS = 100;
/** Namespaces of lists of regions and their areas, and the names of the areas. */
const REGIONS = [
  {
    regions: 'http://www.metadataworkinggroup.com/schemas/regions/',
    areas: 'http://ns.adobe.com/xmp/sType/Area#',
    names: ['Area'],
  },
  {
    regions: 'http://ns.acdsee.com/regions/',
    areas: 'http://ns.acdsee.com/sType/Area#',
    names: ['DLYArea', 'ALGArea'],
  },
];
const DIMENSIONS = [
  'http://ns.adobe.com/xap/1.0/sType/Dimensions#',
  'http://ns.adobe.com/xmp/sType/Dimensions#',
  'http://ns.acdsee.com/sType/Dimensions#',
];
const MICROSOFT_REGION = 'http://ns.microsoft.com/photo/1.2/t/Region#';
