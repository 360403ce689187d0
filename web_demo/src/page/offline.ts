/**
 * Makes the service worker cache the page's files, so that the page then works offline.
 *
 * @param runtime URLs of the runtime's files that this browser has loaded, one variant of several.
 * @param say receives whether everything needed so far is cached. It is called again after an
 *   update of the page, because the new service worker has not cached the runtime yet.
 */
export async function keepForOffline(runtime: string[], say: (isKept: boolean) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return say(false);
  const {serviceWorker} = navigator;
  let keeper: ServiceWorker | null = null;
  const ask = async (worker: ServiceWorker | null) => {
    if (!worker || worker === keeper) return;
    keeper = worker;
    say(false);
    const isKept = await keptBy(worker, runtime);
    if (worker === keeper) say(isKept);
  };
  try {
    serviceWorker.addEventListener('controllerchange', () => {
      ask(serviceWorker.controller).catch(() => say(false));
    });
    await serviceWorker.register('./serviceWorker.js');
    await ask((await serviceWorker.ready).active);
  } catch {
    say(false); // For example, in a private window.
  }
}

function keptBy(worker: ServiceWorker, runtime: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}: MessageEvent<boolean>) => resolve(data);
    worker.postMessage({keep: runtime}, [port2]);
  });
}
