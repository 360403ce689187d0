/**
 * Measures the built page for `python -m benchmarks.web_demo`. It reads commands from standard input,
 * one JSON object per line, and answers each with one line. Arguments: the built folder, Chromium.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';
import {preview} from 'vite';

const [outDir, executablePath] = process.argv.slice(2);
const server = await preview({
  root: fileURLToPath(new URL('../', import.meta.url)),
  logLevel: 'error',
  build: {outDir},
  preview: {port: 0, host: '127.0.0.1'},
});
const [address] = server.resolvedUrls.local;
const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
let page = null;

const orders = {
  /** Milliseconds from an empty cache to the corrected sample, and the bytes that were downloaded. */
  async firstUse() {
    const context = await browser.newContext({viewport: {width: 1200, height: 800}});
    page = await context.newPage();
    const start = performance.now();
    await page.goto(address);
    await summary();
    const milliseconds = performance.now() - start;
    await page.waitForSelector('#offline[data-kept="true"]');
    const bytes = await page.evaluate(async () => {
      const cache = await caches.open((await caches.keys())[0]);
      const blobs = (await cache.matchAll()).map((response) => response.blob());
      return (await Promise.all(blobs)).reduce((sum, {size}) => sum + size, 0);
    });
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const {duration} of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
      }).observe({type: 'longtask'});
    });
    return {milliseconds, bytes, runner: await page.textContent('#summary')};
  },

  /**
   * Milliseconds by the page's clock: from picking a file to showing the corrected picture, and from
   * pressing the button to the finished file.
   */
  async photo({path, drop}) {
    await page.evaluate(watch);
    await page.setInputFiles('#files', path);
    await page.waitForFunction(() => globalThis.times.drawn || globalThis.times.failed);
    await page.evaluate(() => { globalThis.times.clicked = performance.now(); });
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.evaluate(() => document.getElementById('save').click())]);
    await download.path();
    await download.delete();
    const {picked, drawn, clicked, written, failed} = await page.evaluate(() => globalThis.times);
    if (failed) throw new Error(failed);
    const inWorker = Number(await page.getAttribute('#summary', 'data-whole-time'));
    const writing = Number(await page.getAttribute('#save', 'data-whole-time'));
    if (drop) await page.click('#queue li:last-child .remove');
    return {inWorker, writing, shown: drawn - picked, saved: drawn - picked + written - clicked};
  },

  /** Mean milliseconds from moving a slider to the new picture, and the page's longest task. */
  async sliders({moves}) {
    const start = performance.now();
    for (let move = 0; move < moves; move++) {
      const drawn = await drawings();
      await page.locator('#brightness').fill(String(move % 20 + 1));
      await page.waitForFunction((seen) => Number(document.getElementById('picture').dataset.drawn) > seen, drawn);
    }
    const milliseconds = (performance.now() - start) / moves;
    return {milliseconds, longestTask: await page.evaluate(() => globalThis.longest)};
  },

  /** For each move of the light, milliseconds in the worker and until the picture is drawn. */
  async lights({moves}) {
    return page.evaluate(moveLight, moves);
  },

  /** Megabytes that all browser processes use. Shared pages count once. */
  async memory() {
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return {megabytes: proportionalMemory('chromium')};
  },
};

/** Runs in the page. Records when a file is picked, when its result is drawn and when it is saved. */
function watch() {
  globalThis.watcher?.disconnect();
  const times = globalThis.times = {};
  const picture = document.getElementById('picture');
  document.getElementById('files').addEventListener('change', () => {
    times.picked = performance.now();
  }, {once: true, capture: true});
  globalThis.watcher = new MutationObserver((changes) => {
    const last = document.querySelector('#queue li:last-child');
    if (last?.dataset.state === 'failed') times.failed = last.textContent;
    for (const {target} of changes) {
      const isDrawn = target === picture && times.picked && last?.dataset.state === 'ready';
      if (isDrawn) times.drawn ??= performance.now();
      if (target.id === 'save') times.written ??= performance.now();
    }
  });
  globalThis.watcher.observe(document.body, {
    subtree: true, attributes: true, attributeFilter: ['data-drawn', 'data-state', 'data-whole-time'],
  });
}

/** Runs in the page. Moves the light back and forth, and waits each time until it is drawn. */
async function moveLight(moves) {
  const dot = document.getElementById('lightDot');
  const picture = document.getElementById('picture');
  const changed = (element, attribute) => new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => reject(new Error(`no new ${attribute} in 30 seconds`)), 30_000);
    const observer = new MutationObserver(() => {
      observer.disconnect();
      clearTimeout(tooLong);
      resolve();
    });
    observer.observe(element, {attributes: true, attributeFilter: [attribute]});
  });
  const [inWorker, painted] = [[], []];
  for (let move = 0; move < moves; move++) {
    const shown = changed(dot, 'data-shown');
    const drawn = changed(picture, 'data-drawn');
    const key = move % 2 ? 'ArrowLeft' : 'ArrowRight';
    const start = performance.now();
    dot.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    await shown;
    inWorker.push(Number(dot.dataset.stepTime));
    await drawn;
    painted.push(performance.now() - start);
  }
  return {inWorker, drawn: painted};
}

async function summary() {
  await page.waitForFunction(() => document.getElementById('summary').textContent !== '');
}

function drawings() {
  return page.evaluate(() => Number(document.getElementById('picture').dataset.drawn));
}

/** Megabytes that all descendants of this process with this name use. */
function proportionalMemory(program) {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    } catch {
      return [Number(name), 0]; // It has ended.
    }
  }));
  const isOurs = (pid) => pid === process.pid || (parents.get(pid) > 1 && isOurs(parents.get(pid)));
  let kilobytes = 0;
  for (const pid of [...parents.keys()].filter(isOurs)) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== program) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return kilobytes / 1024;
}

for await (const line of createInterface({input: process.stdin})) {
  const {order, ...argument} = JSON.parse(line);
  try {
    console.log(JSON.stringify(await orders[order](argument)));
  } catch (error) {
    console.log(JSON.stringify({error: String(error)}));
  }
}
await browser.close();
await server.close();
