import type {Problem} from '../files/problem.js';
import type {Analysed, Look} from '../work/correctionService.js';

export const NEUTRAL: Look = {strength: 1, brightness: 0, warmth: 0};

/** A photograph that somebody has picked. */
export class Photo {
  private static count = 0;

  /** Its own number. */
  readonly id = ++Photo.count;
  state: 'waiting' | 'working' | 'ready' | 'cancelled' | 'failed' = 'waiting';
  problem: Problem | null = null;
  look = NEUTRAL;
  thumbnail: ImageBitmap | null = null;

  /** Of the photograph on the screen alone: it holds megabytes. Without the pixels. */
  analysis: Analysed | null = null;

  constructor(readonly file: File, readonly isSample = false) {}

  get name(): string {
    return this.file.name;
  }

  /** Lets go of its pictures. */
  forget(): void {
    this.thumbnail?.close();
    this.thumbnail = null;
    this.analysis = null;
  }
}

/**
 * The name of a corrected photograph: `NAME_ambient.jpg`.
 *
 * @param name the photograph's.
 * @param type of the result, for example `image/png`.
 * @param taken names that others of the same folder have; the result is added.
 */
export function resultName(name: string, type: string, taken = new Set<string>()): string {
  const stem = name.replace(/\.[^.]*$/, '') || 'photo';
  const suffix = type === 'image/png' ? '.png' : '.jpg';
  let result = `${stem}_ambient${suffix}`;
  for (let number = 2; taken.has(result.toLowerCase()); number++) {
    result = `${stem}_ambient_${number}${suffix}`;
  }
  taken.add(result.toLowerCase());
  return result;
}
