/** The largest strength: twice the light. */
export const LARGEST_STRENGTH = 2;

/** How many times a strength wants the light, at least 1: that many times it is in the model. */
export function amountOf(strength: number): number {
  return Math.max(strength, 1);
}

/** How much of the model a strength wants, at most 1: the rest stays the original. */
export function shareOf(strength: number): number {
  return Math.min(strength, 1);
}
