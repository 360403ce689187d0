/**
 * How a GPU has to prove that it can be trusted with a model. GPUs compute with lower precision,
 * and their drivers have bugs. The Android app runs the same trial.
 */

/** Returns whether two outputs, in [0, 1], are equal within the error of lower precision. */
export function outputsAgree(expected: Float32Array, actual: Float32Array): boolean {
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

/** Returns smooth colors with edges, RGB in [0, 1]: a bit of everything that a photograph has. */
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

/** Runs a network, which maps RGB in [0, 1] to RGB in [0, 1]. */
export type Run = (image: Float32Array) => Promise<Float32Array>;

/** The outcome of a trial. */
export type TrialVerdict = 'used' | 'different' | 'slower';

/**
 * Tries a GPU ten times, with two alternating images. Some GPUs are right only the first time, and
 * some then return the output of another image (LiteRT issue 8065). So every output is compared.
 *
 * @param gpu runs the network on the GPU; its errors are passed on.
 * @param cpu runs the same network on the CPU.
 * @param image an image of the network's size.
 */
export async function tryGpu(gpu: Run, cpu: Run, image: Float32Array): Promise<TrialVerdict> {
  const images = [image, image.map((value) => 1 - value)];
  const expected: Float32Array[] = [];
  let cpuTime = Infinity;
  for (let repeat = 0; repeat < SPEED_RUNS; repeat++) {
    cpuTime = Math.min(
      cpuTime,
      await measureTime(async () => {
        expected[repeat % 2] = await cpu(images[repeat % 2]);
      }),
    );
  }
  let gpuTime = Infinity;
  for (let repeat = 0; repeat < TRIAL_RUNS; repeat++) {
    const imageIndex = repeat % 2;
    let output = expected[imageIndex];
    const time = await measureTime(async () => {
      output = await gpu(images[imageIndex]);
    });
    if (!outputsAgree(expected[imageIndex], output)) return 'different';
    gpuTime = Math.min(gpuTime, time);
    if (repeat + 1 >= SPEED_RUNS && gpuTime >= cpuTime) return 'slower';
  }
  return 'used';
}

/** Runs a network on a GPU that has passed its trial, and keeps checking it. */
export class MonitoredGpu {
  private runCount = 0;
  private status: 'used' | 'different' | 'failed' = 'used';

  /**
   * @param gpu runs the network on the GPU.
   * @param cpu runs the same network on the CPU.
   */
  constructor(
    private readonly gpu: Run,
    private readonly cpu: Run,
  ) {}

  /** Whether the GPU is still in use, and if not, why. */
  get verdict(): 'used' | 'different' | 'failed' {
    return this.status;
  }

  /** Returns the GPU's output. From the first failed check on, returns the CPU's. */
  async run(image: Float32Array): Promise<Float32Array> {
    if (this.status !== 'used') return this.cpu(image);
    const output = await this.gpu(image).catch(() => null);
    if (!output) {
      this.status = 'failed';
      return this.cpu(image);
    }
    const isChecked = this.runCount++ % CHECK_INTERVAL === 0;
    if (!isChecked && output.every(Number.isFinite)) return output;
    const expected = await this.cpu(image);
    if (outputsAgree(expected, output)) return output;
    this.status = 'different';
    return expected;
  }
}

async function measureTime(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

// 2.5 gray levels on average, and 38 for a single value, such as at an edge with an int8 model.
const LARGEST_MEAN_DIFFERENCE = 0.01;
const LARGEST_DIFFERENCE = 0.15;
/** Two with one image and one with the other, so that both outputs are available to compare. */
const SPEED_RUNS = 3;
const TRIAL_RUNS = 10;
/** One photograph in this many also runs on the CPU, starting with the first. */
const CHECK_INTERVAL = 20;
