/**
 * Lights by name or by direction, as in `keras_f2a.data.described_lights` of the Python package.
 */

/** The kinds of light, in the order of their inputs to a network. */
const KINDS = ['ceiling', 'window', 'lamp', 'room'] as const;
type Kind = (typeof KINDS)[number];

/** How many numbers describe a light to a network for placed light. */
export const DESCRIPTOR_LENGTH = 13;

/** A light as a user describes it. Angles are in degrees, seen from the subject. */
export interface Direction {
  /** From -180 to 180: 0 is the side of the camera, 90 the right of the picture. */
  readonly azimuth: number;
  /** From -90 to 90: 0 is the subject's height, 90 straight above it. */
  readonly elevation: number;
  /** The light's side divided by its distance from the subject, 0.02 to 1.5. */
  readonly size: number;
  /** If absent, elevation and size determine it. */
  readonly kind?: Kind;
}

/** The lights that have their own names. */
export const NAMED = {
  ceiling: {azimuth: 0, elevation: 45, size: 0.4, kind: 'ceiling'},
  'window-left': {azimuth: -58, elevation: 5, size: 0.5, kind: 'window'},
  'window-right': {azimuth: 58, elevation: 5, size: 0.5, kind: 'window'},
  'lamp-left': {azimuth: -58, elevation: 14, size: 0.1, kind: 'lamp'},
  'lamp-right': {azimuth: 58, elevation: 14, size: 0.1, kind: 'lamp'},
  room: {azimuth: 0, elevation: -9, size: 0.9, kind: 'room'},
} as const satisfies Record<string, Direction>;

/** The name of a light that has one. */
export type LightName = keyof typeof NAMED;

/** The lights that `auto` mixes in equal parts. */
export const AUTO_LIGHTS: readonly LightName[] = ['ceiling', 'window-left', 'window-right', 'room'];

/**
 * Returns the 13 numbers that describe a light to a network.
 *
 * @throws RangeError if one of the light's numbers is out of range.
 */
export function describeLight(light: Direction): Float32Array {
  checkDirection(light);
  const kind = light.kind ?? inferKind(light);
  const lightDistance = DISTANCES[kind];
  const [azimuth, elevation] = [toRadians(light.azimuth), toRadians(light.elevation)];
  const horizontal = Math.cos(elevation);
  const direction = [horizontal * Math.sin(azimuth), Math.sin(elevation), -horizontal * Math.cos(azimuth)];
  const center = [
    lightDistance * direction[0],
    lightDistance * direction[1],
    1 + lightDistance * direction[2],
  ];
  const distance = Math.sqrt(center[0] ** 2 + center[1] ** 2 + center[2] ** 2);
  return Float32Array.from([
    ...center.map((value) => value / distance),
    Math.log(distance + 0.1),
    ...shineDirection(kind, direction),
    Math.log(light.size * lightDistance + 0.02),
    0,
    ...KINDS.map((name) => Number(name === kind)),
  ]);
}

/**
 * Parses a light given as `AZIMUTH,ELEVATION,SIZE`.
 *
 * @throws RangeError if the text is not three numbers, or if one is out of range.
 */
export function parseDirection(text: string): Direction {
  const numbers = text.split(',').map(parseNumber);
  if (numbers.length !== 3 || numbers.some((value) => value === null)) {
    const names = ['auto', ...Object.keys(NAMED)].join(', ');
    throw new RangeError(`choose one of ${names}, or give AZIMUTH,ELEVATION,SIZE, not ${text.slice(0, 60)}`);
  }
  const [azimuth, elevation, size] = numbers as number[];
  const direction = {azimuth, elevation, size};
  checkDirection(direction);
  return direction;
}

/** Parses a decimal number. Returns null if the text is not one. */
export function parseNumber(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** Returns whether a text is the name of a light. */
export function isLightName(text: string): text is LightName {
  return Object.hasOwn(NAMED, text);
}

export function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/**
 * Returns the direction a light shines in: a ceiling light down, a window straight into the room,
 * others at the subject.
 */
function shineDirection(kind: Kind, direction: number[]): number[] {
  if (kind === 'ceiling') return [0, -1, 0];
  if (kind !== 'window') return direction.map((value) => -value);
  const axis = Math.abs(direction[0]) >= Math.abs(direction[2]) ? 0 : 2;
  return direction.map((value, index) => (index === axis ? -Math.sign(value) : 0));
}

function inferKind({elevation, size}: Direction): Kind {
  if (size < LARGEST_LAMP) return 'lamp';
  if (elevation >= LOWEST_CEILING) return 'ceiling';
  return size <= LARGEST_WINDOW ? 'window' : 'room';
}

function checkDirection({azimuth, elevation, size}: Direction): void {
  checkRange('azimuth', azimuth, -180, 180);
  checkRange('elevation', elevation, -90, 90);
  checkRange('size', size, SMALLEST_SIZE, LARGEST_SIZE);
}

/** @throws RangeError if the value is out of range or NaN. */
export function checkRange(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(`the ${name} must be between ${low} and ${high}, not ${value}`);
  }
}

/** Distance from the subject, in units of the camera's distance: the medians of rendered views. */
const DISTANCES: Record<Kind, number> = {ceiling: 1.75, window: 2.2, lamp: 1.65, room: 3.2};
const SMALLEST_SIZE = 0.02;
const LARGEST_LAMP = 0.25;
const LARGEST_WINDOW = 0.7;
const LARGEST_SIZE = 1.5;
const LOWEST_CEILING = 40;
