/**
 * Has the page's own files kept, so that it works without a network from then on.
 *
 * @param runtime addresses of the runtime's files that this browser has loaded, one kind of several.
 * @return whether everything is kept that was needed until now.
 */
export async function keepForOffline(runtime: string[]): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register('./serviceWorker.js');
    const {active} = await navigator.serviceWorker.ready;
    return await new Promise((resolve) => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = ({data}: MessageEvent<boolean>) => resolve(data);
      active!.postMessage({keep: runtime}, [port2]);
    });
  } catch {
    return false; // For example in a private window.
  }
}
