/** By how much a photograph's file changes the odds of a flash's light. */
const FIRED_ODDS = 20;

/**
 * Returns which share of a photograph's light is a flash's, by what the network saw and what the file
 * says: `keras_f2a.correction.flash_share`, in the Python package.
 *
 * @param seen what the network saw, in [0, 1]. 0 and 1 stay as they are.
 * @param fired whether the file says that the flash fired; null if it says nothing.
 */
export function flashShare(seen: number, fired: boolean | null): number {
  if (fired === null) return seen;
  const [flash, others] = fired ? [FIRED_ODDS, 1] : [1, FIRED_ODDS];
  return (flash * seen) / (flash * seen + others * (1 - seen));
}
