import {Problem} from './problem.js';

/** The largest decompressed size of a part of a file. No real profile or packet comes close. */
export const MAX_INFLATED = 16 * 2 ** 20; // bytes

/**
 * Decompresses zlib data, and stops once it exceeds the size of any real data.
 *
 * @throws Problem if it is too large; another error if it is damaged.
 */
export async function inflate(content: Uint8Array): Promise<Uint8Array> {
  // In small parts, because browsers decompress a whole part at once, up to a thousandfold.
  let start = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (start < content.length) controller.enqueue(content.slice(start, (start += PART_SIZE)));
        else controller.close();
      },
    },
    {highWaterMark: 0},
  );
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_INFLATED) {
      await reader.cancel();
      throw new Problem('unpacksTooLarge', {most: MAX_INFLATED / 2 ** 20});
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Decompresses zlib data. Returns null if it is damaged.
 *
 * @throws Problem if it is too large.
 */
export async function inflateOrNull(content: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await inflate(content);
  } catch (error) {
    if (error instanceof Problem) throw error;
    return null; // The photograph itself is still usable.
  }
}

/** Compresses to the zlib format. */
export async function deflate(content: Uint8Array): Promise<Uint8Array> {
  const source = new Blob([content as Uint8Array<ArrayBuffer>]).stream();
  return new Uint8Array(
    await new Response(source.pipeThrough(new CompressionStream('deflate'))).arrayBuffer(),
  );
}

const PART_SIZE = 4096;
