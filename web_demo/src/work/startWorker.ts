/**
 * Starts a worker that is bound by the page's own Content-Security-Policy.
 *
 * A worker loaded from a URL follows its server's headers, and a static server sends none. A worker
 * loaded from a blob inherits the page's policy. So the blob loads the script, which the policy
 * allows.
 *
 * @param script the script's URL, relative to the page's.
 */
export function startWorker(script: string): Worker {
  const scriptUrl = new URL(script, document.baseURI).href;
  const source = new Blob([`importScripts(${JSON.stringify(scriptUrl)});`], {type: 'text/javascript'});
  const url = URL.createObjectURL(source);
  const worker = new Worker(url);
  // By its first message, the worker has loaded the script.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), {once: true});
  return worker;
}
