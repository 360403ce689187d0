/** What can go wrong with a file or its correction. `texts.ts` has a sentence for each. */
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

/** An error that one sentence explains to the user. */
export class Problem extends Error {
  /**
   * @param kind the kind of error.
   * @param details numbers or words for the sentence.
   */
  constructor(
    readonly kind: ProblemKind,
    readonly details: Record<string, string | number> = {},
  ) {
    super(kind);
    this.name = 'Problem';
  }
}

/** Returns the error itself if it is a problem, else an unknown problem. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('unknown', {reason: String(error)});
}
