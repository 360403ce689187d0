/** The factor by which the file's flash tag changes the odds that the light is a flash's. */
const FIRED_ODDS = 20;

/**
 * Returns the flash's share of a photograph's light, from what the network saw and what the file
 * says. Matches `keras_f2a.correction.flash_share` in the Python package.
 *
 * @param predicted what the network saw, in [0, 1]. 0 and 1 stay unchanged.
 * @param fired whether the file says that the flash fired; null if it does not say.
 */
export function flashShare(predicted: number, fired: boolean | null): number {
  if (fired === null) return predicted;
  const [flash, others] = fired ? [FIRED_ODDS, 1] : [1, FIRED_ODDS];
  return (flash * predicted) / (flash * predicted + others * (1 - predicted));
}
