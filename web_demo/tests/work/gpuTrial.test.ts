import {describe, expect, it} from 'vitest';
import {MonitoredGpu, outputsAgree, type Run, testImage, tryGpu} from '../../src/work/gpuTrial.js';

describe('a graphics card', () => {
  const image = testImage(48, 64);

  it('agrees if it differs by a few bits', () => {
    expect(
      outputsAgree(
        image,
        image.map((value) => value + 0.004),
      ),
    ).toBe(true);
  });

  it.each([
    ['an edge that is elsewhere', image.map((value, index) => (index === 9 ? value + 0.2 : value))],
    ['a shift of brightness', image.map((value) => value + 0.02)],
    ['what is no number', image.map((value, index) => (index === 9 ? NaN : value))],
    ['another size', image.subarray(3)],
  ])('does not agree with %s', (_, output) => expect(outputsAgree(image, output)).toBe(false));

  const negative: Run = async (values) => values.map((value) => 1 - value);
  const slow: Run = async (values) => {
    const start = performance.now();
    while (performance.now() - start < 5);
    return negative(values);
  };
  /** Returns correct outputs for the first `times` runs, and those of `later` after that. */
  const rightUntil = (times: number, later: Run): Run => {
    let count = 0;
    return (values) => (count++ < times ? negative(values) : later(values));
  };
  const wrong: Run = async (values) => values;

  it('is used when it is right and faster, and not when it is slower', async () => {
    expect(await tryGpu(negative, slow, image)).toBe('used');
    expect(await tryGpu(slow, negative, image)).toBe('slower');
  });

  it.each([0, 1, 2, 5, 9])('is refused if it is right only %s times', async (times) => {
    expect(await tryGpu(rightUntil(times, wrong), slow, image)).toBe('different');
  });

  it('is refused if it repeats its first output', async () => {
    let first: Float32Array | null = null;
    const stale: Run = async (values) => (first ??= await negative(values));
    expect(await tryGpu(stale, slow, image)).toBe('different');
  });

  it.each([
    ['is wrong', wrong, 'different', 40],
    ['is no number', async (values: Float32Array) => values.map(() => NaN), 'different', 25],
    ['fails', () => Promise.reject(new Error('lost')), 'failed', 25],
  ] as const)('is given up when it %s later', async (_, later, verdict, first) => {
    const gpu = new MonitoredGpu(rightUntil(25, later), negative);
    const expected = await negative(image);
    for (let photograph = 0; photograph < 60; photograph++) {
      const isRight = outputsAgree(expected, await gpu.run(image));
      // One in twenty is compared. Errors in between go unnoticed until then.
      expect(isRight).toBe(photograph < 25 || photograph >= first);
      expect(gpu.verdict).toBe(photograph < first ? 'used' : verdict);
    }
  });

  it('computes one in twenty photographs on the processor too', async () => {
    let compared = 0;
    const cpu: Run = (values) => {
      compared++;
      return negative(values);
    };
    const gpu = new MonitoredGpu(negative, cpu);
    for (let photograph = 0; photograph < 60; photograph++) await gpu.run(image);
    expect([compared, gpu.verdict]).toEqual([3, 'used']);
  });
});
