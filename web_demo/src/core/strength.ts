/** The largest strength: twice the light. */
export const LARGEST_STRENGTH = 2;

/** Returns the multiplier for the light in the model, at least 1. */
export function amountOf(strength: number): number {
  return Math.max(strength, 1);
}

/** Returns the fraction of the model to apply, at most 1. The rest is the original. */
export function shareOf(strength: number): number {
  return Math.min(strength, 1);
}
