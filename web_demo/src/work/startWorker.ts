/**
 * Starts a worker that is bound by the page's own Content-Security-Policy.
 *
 * A worker from an address follows what its server says, and a static server says nothing; one from
 * a blob inherits the page's policy. So the blob loads the script, which the policy allows.
 *
 * @param script the script's address, relative to the page's.
 */
export function startWorker(script: string): Worker {
  const address = new URL(script, document.baseURI).href;
  const source = new Blob([`importScripts(${JSON.stringify(address)});`], {type: 'text/javascript'});
  const url = URL.createObjectURL(source);
  const worker = new Worker(url);
  // The worker has read it when it says its first word.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), {once: true});
  return worker;
}
