/** Returns whether a browser's or runtime's error means that a file could not be loaded. */
export function isLoadError(error: unknown): boolean {
  return /NetworkError|failed to fetch|fetching of the wasm|importScripts|load failed/i.test(String(error));
}
