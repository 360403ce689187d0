/** Says whether an error is how browsers and runtimes say that a file could not be loaded. */
export function isLoss(error: unknown): boolean {
  return /NetworkError|failed to fetch|fetching of the wasm|importScripts|load failed/i.test(String(error));
}
