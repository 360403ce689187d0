/** What can be wrong with a file, or with the work on it; `texts.ts` has a sentence for each. */
export type ProblemKind =
  | 'empty'
  | 'notAPhoto'
  | 'damaged'
  | 'animated'
  | 'colors'
  | 'unpacksTooLarge'
  | 'tooSmall'
  | 'tooLarge'
  | 'tooLargeForBrowser'
  | 'tooLongForBrowser'
  | 'unreadable'
  | 'outOfMemory'
  | 'unwritable'
  | 'modelMissing'
  | 'modelFailed'
  | 'browserTooOld'
  | 'unknown';

/** Something went wrong that one sentence explains. */
export class Problem extends Error {
  /**
   * @param kind what.
   * @param details numbers or words that the sentence names.
   */
  constructor(
    readonly kind: ProblemKind,
    readonly details: Record<string, string | number> = {},
  ) {
    super(kind);
    this.name = 'Problem';
  }
}

/** Returns an error as a problem: as it is, or as one that nobody expected. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('unknown', {reason: String(error)});
}
