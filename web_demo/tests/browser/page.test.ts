import {cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright-core';
import {build} from 'vite';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {corrected, DIST, expectClean, pick, saved, slide, states, Workplace} from './browser.js';

/** Photographs to correct, in `good`, and what is none, in `bad`; made by `tests/web_demo`. */
const PHOTOS = process.env.PHOTOS!;
/** Where results go, for that test to look at. */
const RESULTS = process.env.RESULTS!;
const SCREENSHOTS = process.env.SCREENSHOTS ?? RESULTS;
const good = (name: string) => `${PHOTOS}/good/${name}`;
const LIGHT_CONTROLS = '#lights:not([hidden]), #lightDot:not([hidden])';
/** The package's generator, without its ending. */
const GENERATOR = new URL('../../../keras_f2a/weights/light_v2_320x240_int8', import.meta.url);

/** Serves the package's generator alone, as a model of the user's own. */
async function withGenerator(page: Page): Promise<void> {
  await page.route('**/model.json', async (route) => {
    expect(await (await route.fetch()).json()).toMatchObject({sibling: true, faces: true});
    const card = JSON.parse(readFileSync(new URL(`${GENERATOR}.json`)).toString()) as object;
    await route.fulfill({json: {...card, sibling: false, faces: false}});
  });
  await page.route('**/model.tflite', (route) =>
    route.fulfill({body: readFileSync(new URL(`${GENERATOR}.tflite`))}),
  );
}

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.start();
});
afterAll(async () => {
  await place.stop();
});

it('shows a sample, says what ran, and keeps nothing but itself', async () => {
  const opened = await place.open();
  const {page} = opened;
  await corrected(page);
  expect(await page.textContent('#summary')).toMatch(
    /^320 × 240 pixels, [\d.]+ s\. Network: WebAssembly, \d+ threads.*, \d+ ms\.$/,
  );
  expect(await page.getAttribute('#picture', 'data-renderer')).toBe('webgl');
  // The package's own model can be told where the light comes from.
  expect(await page.locator(LIGHT_CONTROLS).count()).toBe(2);
  await page.waitForSelector('#offline[data-kept="true"]');
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    files: (await (await caches.open((await caches.keys())[0])).keys()).map(({url}) => url),
  }));
  expect({...kept, files: []}).toEqual({local: 0, session: 0, cookies: '', databases: 0, files: []});
  const size = await page.evaluate(async (urls) => {
    const sizes = await Promise.all(urls.map(async (url) => (await (await fetch(url)).blob()).size));
    return sizes.reduce((sum, each) => sum + each, 0);
  }, kept.files);
  console.log(`page, runtime and model: ${(size / 1e6).toFixed(2)} MB in ${kept.files.length} files`);
  expectClean(opened, place.address);
});

it('corrects every photograph and saves it', async () => {
  const opened = await place.open();
  for (const name of readdirSync(`${PHOTOS}/good`)) {
    await pick(opened.page, good(name));
    await saved(opened.page, '#save', RESULTS);
    await opened.page.click('#queue .remove');
  }
  await pick(opened.page, good('made.png'));
  await slide(opened.page, 'strength', 60);
  await slide(opened.page, 'brightness', 12);
  await slide(opened.page, 'warmth', -40);
  expect(await opened.page.textContent('.controls')).toMatch(/60 %.*\+1\.2 EV.*-40 %/s);
  await saved(opened.page, '#save', RESULTS, 'moved.png');
  await slide(opened.page, 'strength', 150);
  await saved(opened.page, '#save', RESULTS, 'stronger.png');
  await opened.page.click('#reset');
  await slide(opened.page, 'strength', 0);
  await saved(opened.page, '#save', RESULTS, 'original.png');
  expectClean(opened, place.address);
});

it('shows another model’s own result, without rules and turned', async () => {
  const opened = await place.open({serviceWorkers: 'block'}, withGenerator);
  await corrected(opened.page);
  // It cannot be told where the light comes from.
  expect(await opened.page.locator(LIGHT_CONTROLS).count()).toBe(0);
  for (const name of ['face', 'face_upright']) {
    await pick(opened.page, good(`${name}.png`));
    await saved(opened.page, '#save', RESULTS, `${name}_own_model.png`);
    await slide(opened.page, 'strength', 200);
    await saved(opened.page, '#save', RESULTS, `${name}_own_model_twice.png`);
    await opened.page.click('#reset');
    await opened.page.click('#queue .remove');
  }
  expect(opened.requests.filter((url) => /faces|sibling/.test(url))).toEqual([]);
  expectClean(opened, place.address);
});

it('says so where a file beside the model is missing', async () => {
  const {page} = await place.open({serviceWorkers: 'block'}, (fresh) =>
    fresh.route('**/sibling.bin', (route) => route.fulfill({status: 404, body: ''})),
  );
  await page.setInputFiles('#files', [good('face_upright.png'), good('face.png')]);
  await states(page, ['failed', 'ready']);
  expect(await page.textContent('#queue li.failed .state')).toMatch(/^The correction could not be loaded/);
});

it('shows photographs in their own shape on every screen', async () => {
  const viewports = [
    [1280, 900],
    [1920, 1080],
    [390, 844],
    [844, 390],
  ];
  const opened = await place.open();
  const {page} = opened;
  for (const [name, natural] of [
    ['made.png', 701 / 523],
    ['turned.png', 523 / 701],
  ] as const) {
    await pick(page, good(name));
    await corrected(page);
    for (const [width, height] of viewports) {
      await page.setViewportSize({width, height});
      await page.waitForFunction(
        (widest) => document.querySelector('#picture')!.getBoundingClientRect().right <= widest,
        width,
      );
      // The layout follows the new size of the window a moment later.
      const error = async () => {
        const shown = (await page.locator('#picture').boundingBox())!;
        return shown.width > 100 ? Math.abs(shown.width / shown.height / natural - 1) : 1;
      };
      await expect.poll(error, {timeout: 5000}).toBeLessThan(0.02);
    }
    await page.click('#queue .remove');
  }
  expectClean(opened, place.address);
});

it('says in a sentence what is wrong with a file, and goes on with the others', async () => {
  const opened = await place.open();
  const {page} = opened;
  const bad = readdirSync(`${PHOTOS}/bad`);
  await page.setInputFiles('#files', [...bad.map((name) => `${PHOTOS}/bad/${name}`), good('made.png')]);
  await states(page, [...bad.map(() => 'failed'), 'ready']);
  const said = await page.$$eval('#queue li.failed', (items) =>
    items.map((item) => [
      item.querySelector('.name')!.textContent,
      item.querySelector('.state')!.textContent,
    ]),
  );
  expect(Object.fromEntries(said)).toEqual({
    'animated.gif': 'The file is an animation; this page corrects only still photographs.',
    'animated.png': 'The file is an animation; this page corrects only still photographs.',
    'animated.webp': 'The file is an animation; this page corrects only still photographs.',
    'bomb.png': expect.stringMatching(/^Compressed data in the file expands to more than 16 MB/),
    'broken.png': expect.stringMatching(/^The photograph is damaged/),
    'cut.jpg': expect.stringMatching(/^The photograph is damaged/),
    'cut.png': expect.stringMatching(/^The photograph is damaged/),
    'empty.jpg': 'The file is empty.',
    'hdr.png': expect.stringMatching(/^The photograph has HDR or other special colors/),
    'huge.png': 'The photograph has 400 megapixels; this page corrects at most 100.',
    'long.png': expect.stringMatching(/^The photograph is 80000 pixels long; this browser can handle \d+\.$/),
    'letter.jpg': 'The file is not a JPEG, PNG or WebP photograph.',
    'tiny.png': expect.stringMatching(/^The picture has 8 × 8 pixels/),
  });
  expect(await page.isVisible('#comparison')).toBe(false);
  await page.click('#queue li:last-child button');
  await corrected(page);
  expect(await page.isVisible('#comparison')).toBe(true);
  expectClean(opened, place.address);
});

it('says what of a file is left out', async () => {
  const opened = await place.open();
  const {page} = opened;
  await pick(page, good('motion.jpg'));
  await corrected(page);
  const note = 'Left out because it cannot be corrected: video.';
  expect(await page.textContent('#status')).toBe(`motion.jpg is corrected. ${note}`);
  expect(await page.textContent('#queue .state')).toBe(`corrected. ${note}`);
  await page.click('#save');
  await page.waitForFunction(() => /^Saved/.test(document.getElementById('status')!.textContent!));
  expect(await page.textContent('#status')).toBe(`Saved as motion_ambient.jpg. ${note}`);
  await pick(page, good('deep.png'));
  await corrected(page);
  const reduced = 'Reduced to 8 bits per color.';
  expect(await page.textContent('#status')).toBe(`deep.png is corrected. ${reduced}`);
  expectClean(opened, place.address);
});

it('says what it says in the language that is picked, and takes no other', async () => {
  const opened = await place.open();
  const {page} = opened;
  await pick(page, good('made.png'));
  await corrected(page);
  const status = () => page.textContent('#status');
  expect(await status()).toBe('made.png is corrected.');
  await page.selectOption('#language', 'es');
  expect(await status()).toBe('made.png está corregida.');
  for (const [wanted, language] of [
    ['__proto__', 'en'],
    ['ES-MX', 'es'],
    ['toString', 'en'],
  ]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, wanted);
    await page.waitForFunction((lang) => document.documentElement.lang === lang, language);
    expect(await page.textContent('#save')).toBe(language === 'es' ? 'Guardar' : 'Save');
  }
  await page.click('#queue .remove');
  expect(await status()).toBe('');
  expectClean(opened, place.address);
});

it('says that the network was lost, and not that the model does not work', async () => {
  for (const lost of ['**/wasm/*', '**/model.tflite', '**/correctionWorker*.js']) {
    const {page} = await place.open({serviceWorkers: 'block'}, (fresh) =>
      fresh.route(lost, (route) => route.abort()).then(() => {}),
    );
    await page.waitForFunction(() => document.getElementById('status')!.classList.contains('bad'));
    expect(await page.textContent('#status')).toMatch(/could not be loaded; check the connection/);
  }
});

it('moves sliders and divider live, by hand and by keys', async () => {
  const opened = await place.open();
  const {page} = opened;
  await pick(page, good('made.png'));
  const picture = async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement).blur()); // No ring around it.
    return page.locator('#picture').screenshot();
  };
  const first = await afterDrawing(page, () => page.press('#divider', 'Home'), picture);
  expect(await page.getAttribute('#divider', 'aria-valuetext')).toBe('0 percent before');
  const brighter = await afterDrawing(page, () => slide(page, 'brightness', 20), picture);
  expect(brighter.equals(first)).toBe(false);
  const before = await afterDrawing(page, () => page.press('#divider', 'End'), picture);
  expect(await page.getAttribute('#divider', 'aria-valuenow')).toBe('100');
  const unmoved = await afterDrawing(page, () => slide(page, 'brightness', -20), picture);
  expect(unmoved.equals(before), 'what is before').toBe(true);
  const box = (await page.locator('#comparison').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + 40, {steps: 3});
  await page.mouse.up();
  expect(Number(await page.getAttribute('#divider', 'aria-valuenow'))).toBeCloseTo(25, -1);
  expectClean(opened, place.address);
});

it('cancels, and takes a cancelled photograph up again', async () => {
  const opened = await place.open();
  const {page} = opened;
  await corrected(page);
  await page.setInputFiles('#files', [good('made.png'), good('turned.jpg'), good('wide.jpg')]);
  await page.evaluate(() => document.getElementById('cancel')!.click());
  await page.waitForFunction(
    () => document.querySelectorAll('#queue li[data-state="cancelled"]').length >= 2,
  );
  await page.waitForSelector('#working', {state: 'hidden'});
  await page.click('#queue li:nth-child(3) button');
  await page.waitForSelector('#queue li:nth-child(3)[data-state="ready"]');
  await corrected(page);
  expect(await page.isVisible('#comparison')).toBe(true);
  // The one that was shown last does not stand for the next if that is canceled.
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('#queue li:nth-child(2) button')!.click();
    document.getElementById('cancel')!.click();
  });
  await page.waitForSelector('#queue li:nth-child(2)[data-state="cancelled"]');
  expect(await page.isVisible('#comparison')).toBe(false);
  await page.click('#queue li:nth-child(2) button');
  await page.waitForSelector('#queue li:nth-child(2)[data-state="ready"]');
  await corrected(page);
  expect(await page.isVisible('#comparison')).toBe(true);
  expectClean(opened, place.address);
});

it('saves a whole queue as one zip', async () => {
  const opened = await place.open();
  const {page} = opened;
  await pick(page, good('made.png'), good('turned.jpg'));
  await states(page, ['ready', 'ready']);
  await saved(page, '#saveZip', RESULTS);
  expect(await page.textContent('#status')).toBe('Saved 2 photographs.');
  await page.click('#useForAll');
  await page.click('#queue li:nth-child(1) .remove');
  await states(page, ['ready']);
  expect(await page.isVisible('#saveZip')).toBe(false);
  expectClean(opened, place.address);
});

it('saves under names that every file system takes', async () => {
  const opened = await place.open();
  const {page} = opened;
  const buffer = readFileSync(good('made.png'));
  const names = [`${'x'.repeat(251)}.png`, '..\\start\u202egnp.exe.png'];
  await page.setInputFiles(
    '#files',
    names.map((name) => ({name, mimeType: 'image/png', buffer})),
  );
  await states(page, ['ready', 'ready']);
  expect(await page.textContent('#queue li:last-child .name')).toBe('..\\startgnp.exe.png');
  await saved(page, '#saveZip', RESULTS, 'odd_names.zip');
  expectClean(opened, place.address);
});

it('saves a whole queue into a folder', async () => {
  const opened = await place.open({}, (page) =>
    page.addInitScript(() => {
      // In place of the system's dialogue: a folder of the browser's own, with the same methods.
      Object.assign(globalThis, {showDirectoryPicker: () => navigator.storage.getDirectory()});
    }),
  );
  const {page} = opened;
  await pick(page, good('made.png'), good('made.png'), good('turned.jpg'));
  await states(page, ['ready', 'ready', 'ready']);
  await page.click('#saveFolder');
  await page.waitForFunction(() => /^Saved 3/.test(document.getElementById('status')!.textContent!));
  const sizes = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const names = ['made_ambient.png', 'made_ambient_2.png', 'turned_ambient.jpg'];
    return Promise.all(names.map(async (name) => (await (await folder.getFileHandle(name)).getFile()).size));
  });
  expect(sizes[0]).toBeGreaterThan(10_000);
  expect(sizes[1]).toBe(sizes[0]);
  expect(sizes[2]).toBeGreaterThan(10_000);
  expectClean(opened, place.address);
});

it('takes what is dropped and what is pasted', async () => {
  const opened = await place.open();
  const {page} = opened;
  const content = readFileSync(good('made.png')).toString('base64');
  for (const [index, kind] of (['drop', 'paste'] as const).entries()) {
    await page.evaluate(
      async ([base64, event]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], `${event}.png`, {type: 'image/png'}));
        dispatchEvent(
          event === 'drop'
            ? new DragEvent('drop', {dataTransfer: data, cancelable: true})
            : new ClipboardEvent('paste', {clipboardData: data}),
        );
      },
      [content, kind],
    );
    await states(page, Array(index + 1).fill('ready'));
  }
  expect(await page.$$eval('#queue .name', (names) => names.map((name) => name.textContent))).toEqual([
    'drop.png',
    'paste.png',
  ]);
  expectClean(opened, place.address);
});

it('works without a network once it was loaded', async () => {
  const opened = await place.open();
  const {page} = opened;
  await page.waitForSelector('#offline[data-kept="true"]');
  await page.context().setOffline(true);
  await page.reload();
  await corrected(page);
  await pick(page, good('made.png'));
  await saved(page, '#save', RESULTS, 'offline.png');
  expectClean(opened, place.address);
});

it('can ask nobody else for anything, in the page and in its workers', async () => {
  let asked = 0;
  const other = createServer((_, response) => {
    asked++;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.end('here');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  try {
    const {page} = await place.open();
    await corrected(page);
    const attempt = (url: string) =>
      fetch(url).then(
        () => 'answered',
        () => 'refused',
      );
    const own = page.workers().filter((worker) => worker.url().startsWith('blob:'));
    expect(own).toHaveLength(2);
    for (const scope of [page, ...own]) {
      expect(await scope.evaluate(attempt, elsewhere)).toBe('refused');
      expect(await scope.evaluate(attempt, `${place.address}model.json`)).toBe('answered');
    }
    const beacon = await page.evaluate((url) => {
      navigator.sendBeacon(url, 'x');
      new Image().src = url;
      return new Promise((resolve) => setTimeout(resolve, 300));
    }, elsewhere);
    expect([asked, beacon]).toEqual([0, undefined]);
    // That the server would have been reached, had it been asked.
    expect(await (await fetch(elsewhere)).text()).toBe('here');
    expect(asked).toBe(1);
  } finally {
    other.close();
  }
});

it('draws with WebGL2 what the plain path computes', async () => {
  const {page} = await place.open();
  const bundle = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: {
        entry: fileURLToPath(new URL('webglCheck.ts', import.meta.url)),
        formats: ['iife'],
        name: 'check',
      },
    },
  });
  const [{output}] = bundle as {output: {code: string}[]}[];
  await page.evaluate(output[0].code);
  const lines = await page.evaluate(() =>
    (globalThis as unknown as {compareWebGl(): Promise<string[]>}).compareWebGl(),
  );
  console.log(lines.join('\n'));
  expect(lines).toHaveLength(7);
  for (const line of lines) expect(line).toMatch(/: [01]\/255$/);
});

it('works without WebGL2, and shows the same', async () => {
  const look = async (withGl: boolean) => {
    const {page} = await openPatched(withGl ? '' : 'if (kind === "webgl2") return null;');
    await pick(page, good('face.png'));
    await page.press('#divider', 'Home');
    const renderer = await page.getAttribute('#picture', 'data-renderer');
    const takePicture = async (name: string) => {
      await page.waitForTimeout(500);
      await page.screenshot({
        path: `${RESULTS}/${name}.png`,
        clip: (await page.locator('#comparison').boundingBox())!,
      });
    };
    await slide(page, 'strength', 0);
    await takePicture(`${renderer}_original`);
    await slide(page, 'strength', 100);
    await slide(page, 'brightness', 8);
    await takePicture(renderer!);
    return renderer;
  };
  expect([await look(true), await look(false)]).toEqual(['webgl', 'plain']);
});

it('goes on without WebGL2 when the graphics card is lost', async () => {
  const opened = await openPatched(
    // The view's own, not the small one that it tries first.
    'if (kind === "webgl2" && this.width > 1) return self.gl = get.call(this, kind, options);',
  );
  const {page} = opened;
  await corrected(page);
  const drawing = page.workers().filter((worker) => worker.url().startsWith('blob:'));
  for (const worker of drawing) {
    await worker.evaluate(() => {
      const {gl} = self as unknown as {gl?: WebGL2RenderingContext};
      gl?.getExtension('WEBGL_lose_context')!.loseContext();
    });
  }
  await page.waitForSelector('#picture[data-renderer="plain"]');
  await corrected(page);
  expect(opened.errors).toEqual([]);
});

/** Opens the page with a view in which a canvas does this first when it is asked for its context. */
function openPatched(code: string) {
  return place.open({serviceWorkers: 'block'}, async (fresh) => {
    await fresh.route('**/viewWorker*.js', async (route) => {
      const response = await route.fetch();
      const patch = `{const get = OffscreenCanvas.prototype.getContext;
        OffscreenCanvas.prototype.getContext = function (kind, options) {
          ${code}
          return get.call(this, kind, options);
        };}`;
      await route.fulfill({response, body: patch + (await response.text())});
    });
  });
}

it('says so in a browser that is too old', async () => {
  const {page} = await place.open({}, (fresh) =>
    fresh.addInitScript(() => {
      delete (HTMLCanvasElement.prototype as {transferControlToOffscreen?: unknown})
        .transferControlToOffscreen;
    }),
  );
  await page.waitForFunction(() => /too old/.test(document.getElementById('status')!.textContent!));
});

it('works on a server like that of GitHub Pages, in one thread, and keeps updates as a whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  cpSync(DIST, folder, {recursive: true});
  // It does not isolate, and browsers take what they have for ten minutes.
  const plain = await Workplace.start({headers: {'Cache-Control': 'max-age=600'}, folder});
  try {
    const opened = await plain.open();
    const {page} = opened;
    await corrected(page);
    const summary = await page.textContent('#summary');
    expect(summary).toMatch(/Network: WebAssembly/);
    expect(summary).not.toMatch(/threads/);
    await pick(page, good('made.png'));
    await saved(page, '#save', RESULTS, 'one_thread.png');
    await page.waitForSelector('#offline[data-kept="true"]');
    const script = deployAgain(folder);
    await page.reload(); // This is the page that is kept. It finds out that there is another.
    const kept = async () => {
      const caches = await page.evaluate(async () => {
        const names = await globalThis.caches.keys();
        const files = await Promise.all(
          names.map(async (name) => (await globalThis.caches.open(name)).keys()),
        );
        return names.map((name, index) => [name, ...files[index].map(({url}) => url)]);
      });
      return (
        caches.length === 1 && caches[0][0].endsWith(' next') && caches[0].some((url) => /\.wasm$/.test(url))
      );
    };
    await expect.poll(kept, {timeout: 60_000}).toBe(true);
    await page.waitForSelector('#offline[data-kept="true"]');
    await page.context().setOffline(true);
    await page.reload();
    await corrected(page);
    expect(await page.getAttribute('script', 'src')).toBe(script);
    expectClean(opened, plain.address);
  } finally {
    await plain.stop();
    rmSync(folder, {recursive: true});
  }
});

/** Puts a build in place of a served one, as if its script were another; gives that one's address. */
function deployAgain(folder: string): string {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const [, name] = /src="\.\/(assets\/[^"]+\.js)"/.exec(read('index.html'))!;
  renameSync(join(folder, name), join(folder, 'assets/next.js'));
  writeFileSync(join(folder, 'index.html'), read('index.html').replace(name, 'assets/next.js'));
  const worker = read('serviceWorker.js').replace(name, 'assets/next.js');
  writeFileSync(join(folder, 'serviceWorker.js'), worker.replace(/"[0-9a-f]{16}"/, '"next"'));
  return './assets/next.js';
}

it('tries WebGPU, and keeps WebAssembly where that does not agree or is slower', async () => {
  const options = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
  const gpu = await Workplace.start({options});
  try {
    // Networks for placed light stay on the processor.
    const {page} = await gpu.open({serviceWorkers: 'block'}, withGenerator);
    const said = await page.waitForFunction(
      () => document.getElementById('summary')!.textContent!.match(/WebGPU.*?(?=\)?, \d)/)?.[0],
      undefined,
      {timeout: 250_000},
    );
    const verdict = await said.jsonValue();
    console.log(`WebGPU in software: ${await page.textContent('#summary')}`);
    const verdicts = ['WebGPU', 'WebGPU is slower', 'WebGPU in this browser', 'WebGPU’s result differs'];
    expect(verdicts).toContain(verdict);
    if (verdict !== 'WebGPU') expect(await page.textContent('#summary')).toMatch(/Network: WebAssembly/);
  } finally {
    await gpu.stop();
  }
});

describe.each([
  ['desktop', 'light', 'en', {width: 1200, height: 800}],
  ['desktop', 'dark', 'es', {width: 1200, height: 800}],
  ['phone', 'light', 'es', {width: 390, height: 844}],
  ['phone', 'dark', 'en', {width: 390, height: 844}],
] as const)('%s, %s, %s', (device, colorScheme, locale, viewport) => {
  it('has no serious fault of accessibility', async () => {
    const opened = await place.open({colorScheme, locale, viewport});
    const {page} = opened;
    await corrected(page);
    await page.screenshot({path: `${SCREENSHOTS}/${device}_${colorScheme}_sample.png`});
    await pick(page, good('made.png'), good('turned.jpg'), `${PHOTOS}/bad/empty.jpg`);
    await states(page, ['ready', 'ready', 'failed']);
    expect(await page.getAttribute('html', 'lang')).toBe(locale);
    expect(await page.textContent('#save')).toBe(locale === 'es' ? 'Guardar' : 'Save');
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, 'scrolls sideways').toBeLessThanOrEqual(0);
    await page.screenshot({path: `${SCREENSHOTS}/${device}_${colorScheme}_queue.png`});
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    await page.evaluate(readFileSync(axe, 'utf8'));
    const {violations} = await page.evaluate(() =>
      (globalThis as unknown as {axe: {run(): Promise<{violations: Violation[]}>}}).axe.run(),
    );
    const found = violations.map(
      ({id, impact, nodes}) => `${impact} ${id}: ${nodes.map(({html}) => html).join(' | ')}`,
    );
    console.log(
      `axe-core, ${device}, ${colorScheme}, ${locale}: ${found.length ? found.join('\n') : 'nothing found'}`,
    );
    expect(found.filter((line) => /^(serious|critical)/.test(line))).toEqual([]);
    expectClean(opened, place.address);
  });
});

/** What axe-core finds. */
interface Violation {
  id: string;
  impact: string;
  nodes: {html: string}[];
}

/** Does something, waits until the picture was drawn again, and gives what then is. */
async function afterDrawing<Result>(
  page: Page,
  act: () => Promise<unknown>,
  look: () => Promise<Result>,
): Promise<Result> {
  const count = () => Number(document.getElementById('picture')!.dataset.drawn);
  const before = await page.evaluate(count);
  await act();
  await page.waitForFunction(
    (seen) => Number(document.getElementById('picture')!.dataset.drawn) > seen,
    before,
  );
  // One more frame may follow the one that was asked for first.
  await page.waitForTimeout(100);
  return look();
}
