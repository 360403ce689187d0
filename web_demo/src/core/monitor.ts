/** Watches a piece of work, and lets others have their turn while it goes on. */
export interface Monitor {
  /**
   * Takes the share of the work that is done, 0 to 1; it never falls. The work goes on when the
   * promise resolves, and stops when it is rejected: with `Cancelled`, if somebody asked for that.
   */
  progress(fraction: number): Promise<void>;
}

/** The work was stopped because somebody asked for it. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** Watches nothing. */
export const UNWATCHED: Monitor = {progress: () => Promise.resolve()};

/** Returns the monitor for a part of the work: its 0 to 1 is `first` to `last` of the whole. */
export function partOf(whole: Monitor, first: number, last: number): Monitor {
  return {progress: (fraction) => whole.progress(first + fraction * (last - first))};
}
