/**
 * How a graphics card has to show that it can be trusted with a model: it computes with fewer bits,
 * and drivers have errors. The Android app asks the same of a phone's.
 */

/** Whether two outputs, in [0, 1], are the same image but for what fewer bits may change. */
export function agree(expected: Float32Array, actual: Float32Array): boolean {
  if (expected.length !== actual.length) return false;
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(expected[index] - actual[index]);
    if (Number.isNaN(difference)) return false;
    sum += difference;
    largest = Math.max(largest, difference);
  }
  return sum / expected.length <= LARGEST_MEAN_DIFFERENCE && largest <= LARGEST_DIFFERENCE;
}

/** Smooth colors with edges, RGB in [0, 1]: something of all that a photograph has. */
export function testImage(height: number, width: number): Float32Array {
  const image = new Float32Array(height * width * 3);
  let index = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const tile = (Math.floor(row / 16) + Math.floor(column / 16)) % 2 === 0 ? 0.25 : 0;
      image[index++] = (0.75 * column) / width + tile;
      image[index++] = (0.75 * row) / height + tile;
      image[index++] = 0.75 * (1 - column / width) + tile;
    }
  }
  return image;
}

/** Runs a network: RGB in [0, 1] to the same. */
export type Run = (image: Float32Array) => Promise<Float32Array>;

/** What a trial found. */
export type TrialVerdict = 'used' | 'different' | 'slower';

/**
 * Tries a card ten times, with two images in turn. Some cards are right only the first time, and some
 * then return the output of another image (LiteRT issue 8065), so that every output is compared.
 *
 * @param card runs the network on the card; what it throws is thrown.
 * @param processor runs the same network on the processor.
 * @param image an image of the network's size.
 */
export async function tryCard(card: Run, processor: Run, image: Float32Array): Promise<TrialVerdict> {
  const images = [image, image.map((value) => 1 - value)];
  const expected: Float32Array[] = [];
  let onProcessor = Infinity;
  for (let repeat = 0; repeat < SPEED_RUNS; repeat++) {
    onProcessor = Math.min(
      onProcessor,
      await timed(async () => {
        expected[repeat % 2] = await processor(images[repeat % 2]);
      }),
    );
  }
  let onCard = Infinity;
  for (let repeat = 0; repeat < TRIAL_RUNS; repeat++) {
    const which = repeat % 2;
    let output = expected[which];
    const time = await timed(async () => {
      output = await card(images[which]);
    });
    if (!agree(expected[which], output)) return 'different';
    onCard = Math.min(onCard, time);
    if (repeat + 1 >= SPEED_RUNS && onCard >= onProcessor) return 'slower';
  }
  return 'used';
}

/** Runs a network on a card that has passed its trial, and goes on comparing. */
export class WatchedCard {
  private photographs = 0;
  private found: 'used' | 'different' | 'failed' = 'used';

  /**
   * @param card runs the network on the card.
   * @param processor runs the same network on the processor.
   */
  constructor(
    private readonly card: Run,
    private readonly processor: Run,
  ) {}

  /** Whether the card is still in use, and if not, why. */
  get verdict(): 'used' | 'different' | 'failed' {
    return this.found;
  }

  /** Returns the card's output, and the processor's from the first one on that is wrong. */
  async run(image: Float32Array): Promise<Float32Array> {
    if (this.found !== 'used') return this.processor(image);
    const output = await this.card(image).catch(() => null);
    if (!output) {
      this.found = 'failed';
      return this.processor(image);
    }
    const isChecked = this.photographs++ % CHECKED_EVERY === 0;
    if (!isChecked && output.every(Number.isFinite)) return output;
    const expected = await this.processor(image);
    if (agree(expected, output)) return output;
    this.found = 'different';
    return expected;
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

// 2.5 gray levels on average, and 38 at a single value, as at an edge of an int8 model.
const LARGEST_MEAN_DIFFERENCE = 0.01;
const LARGEST_DIFFERENCE = 0.15;
/** Two of one image and one of the other, so that both are there to be compared. */
const SPEED_RUNS = 3;
const TRIAL_RUNS = 10;
/** One in so many photographs is computed on the processor too, the first one among them. */
const CHECKED_EVERY = 20;
