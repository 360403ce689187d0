/** Observes a task and gives other work a turn while it runs. */
export interface Monitor {
  /**
   * Takes the fraction of the task that is done, from 0 to 1, which never decreases. The task
   * continues when the promise resolves and stops when it rejects. It rejects with `Cancelled` if
   * the user asked to stop.
   */
  progress(fraction: number): Promise<void>;
}

/** The task was stopped on request. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** Ignores the progress and never stops the task. */
export const UNWATCHED: Monitor = {progress: () => Promise.resolve()};

/**
 * Returns the monitor for a part of the task, mapping its 0 to 1 to `first` to `last` of the whole.
 */
export function partOf(whole: Monitor, first: number, last: number): Monitor {
  return {progress: (fraction) => whole.progress(first + fraction * (last - first))};
}
