/** In kelvins, from candlelight to the blue hour. */
export const LOWEST_TEMPERATURE = 2000;
export const HIGHEST_TEMPERATURE = 12000;

/** Factors on red, green and blue between the colors of two lights. */
export type Tint = readonly [number, number, number];

/**
 * Returns the factors on red, green and blue between a flash and another light of the same
 * luminance. Matches `keras_f2a.support.color_temperature` in the Python package.
 *
 * @param temperature in kelvins, 2000 to 12000.
 * @param share the fraction of the difference to apply.
 */
export function tintOf(temperature: number, share: number): Tint {
  const flash = blackBody(FLASH);
  const [red, green, blue] = blackBody(temperature).map((value, index) => (value / flash[index]) ** share);
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return [red / luminance, green / luminance, blue / luminance];
}

/**
 * Returns linear RGB at a luminance of 1, from the cubic spline of Kim et al. (US patent 7024034,
 * 2002).
 */
function blackBody(temperature: number): number[] {
  const t = 1000 / temperature;
  const x =
    temperature <= 4000
      ? -0.2661239 * t ** 3 - 0.2343589 * t ** 2 + 0.8776956 * t + 0.17991
      : -3.0258469 * t ** 3 + 2.1070379 * t ** 2 + 0.2226347 * t + 0.24039;
  let y: number;
  if (temperature <= 2222) y = -1.1063814 * x ** 3 - 1.3481102 * x ** 2 + 2.18555832 * x - 0.20219683;
  else if (temperature <= 4000) y = -0.9549476 * x ** 3 - 1.37418593 * x ** 2 + 2.09137015 * x - 0.16748867;
  else y = 3.081758 * x ** 3 - 5.8733867 * x ** 2 + 3.75112997 * x - 0.37001483;
  const z = (1 - x - y) / y;
  return TO_LINEAR.map(([first, second, third]) => (first * x) / y + second + third * z);
}

const FLASH = 5500;
const TO_LINEAR = [
  [3.2406, -1.5372, -0.4986],
  [-0.9689, 1.8758, 0.0415],
  [0.0557, -0.204, 1.057],
];
