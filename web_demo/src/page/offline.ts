/**
 * Makes the service worker cache the page's files, so that the page then works offline.
 *
 * @param runtime URLs of the runtime's files that this browser has loaded, one variant of several.
 * @param onChange receives whether everything needed so far is cached. It is called again after an
 *   update of the page, because the new service worker has not cached the runtime yet.
 */
export async function cacheForOffline(
  runtime: string[],
  onChange: (isCached: boolean) => void,
): Promise<void> {
  if (!('serviceWorker' in navigator)) return onChange(false);
  const {serviceWorker} = navigator;
  let currentWorker: ServiceWorker | null = null;
  const cacheWith = async (worker: ServiceWorker | null) => {
    if (!worker || worker === currentWorker) return;
    currentWorker = worker;
    onChange(false);
    const isCached = await requestCaching(worker, runtime);
    if (worker === currentWorker) onChange(isCached);
  };
  try {
    serviceWorker.addEventListener('controllerchange', () => {
      cacheWith(serviceWorker.controller).catch(() => onChange(false));
    });
    await serviceWorker.register('./serviceWorker.js');
    await cacheWith((await serviceWorker.ready).active);
  } catch {
    onChange(false); // For example, in a private window.
  }
}

function requestCaching(worker: ServiceWorker, runtime: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}: MessageEvent<boolean>) => resolve(data);
    worker.postMessage({keep: runtime}, [port2]);
  });
}
