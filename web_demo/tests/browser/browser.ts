import {fileURLToPath} from 'node:url';
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core';
import {preview, type PreviewServer} from 'vite';
import {expect} from 'vitest';
import {ISOLATION} from '../../tools/headers.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the build. */
export const DIST = process.env.WEB_DEMO_DIST ?? 'dist';

/** How the page is served, and to which browser. */
interface SessionOptions {
  /** The server's response headers; by default those for cross-origin isolation. */
  readonly headers?: Record<string, string>;
  readonly folder?: string;
  /** Additional command-line options of the browser. */
  readonly options?: string[];
}

/** A page with its errors and requests, which are checked after every test. */
export interface OpenedPage {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

/** A browser, and a server for the built page. */
export class BrowserSession {
  private constructor(
    private readonly browser: Browser,
    private readonly server: PreviewServer,
    readonly address: string,
  ) {}

  static async start({
    headers = ISOLATION,
    folder = DIST,
    options = [],
  }: SessionOptions = {}): Promise<BrowserSession> {
    const server = await preview({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      build: {outDir: folder},
      preview: {port: 0, host: '127.0.0.1', headers},
    });
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', ...options],
    });
    return new BrowserSession(browser, server, server.resolvedUrls!.local[0]);
  }

  /** Opens the page in a fresh profile. */
  async open(
    options: BrowserContextOptions = {},
    before?: (page: Page) => Promise<void>,
  ): Promise<OpenedPage> {
    const context = await this.browser.newContext({viewport: {width: 1200, height: 800}, ...options});
    context.setDefaultTimeout(120_000); // Machines differ, and no test here measures time.
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      // LiteRT's runtime logs its notes as errors.
      if (message.type() === 'error' && !/^(INFO|WARNING):/.test(message.text())) {
        errors.push(message.text());
      }
    });
    context.on('request', (request) => requests.push(request.url()));
    await before?.(page);
    await page.goto(this.address);
    return {page, errors, requests};
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

/** Waits until the page has corrected the selected photograph and drawn it. */
export async function waitUntilCorrected(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getElementById('summary')!.textContent !== '');
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>('#picture')!.dataset.drawn) > 0,
  );
}

/** Picks files, which replace the sample, and waits until the first one is corrected. */
export async function pickFiles(page: Page, ...files: string[]): Promise<void> {
  await page.setInputFiles('#files', files);
  const name = files[0].split('/').at(-1)!;
  await page.waitForFunction((expected) => {
    const chosen = document.querySelector('#queue [aria-current="true"] .name');
    return chosen?.textContent === expected && document.getElementById('summary')!.textContent !== '';
  }, name);
}

/** Clicks a button that saves, and stores the download in a folder. */
export async function saveDownload(
  page: Page,
  button: string,
  folder: string,
  name?: string,
): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  const path = `${folder}/${name ?? download.suggestedFilename()}`;
  await download.saveAs(path);
  return path;
}

/** Moves a slider to a value in its own units, as a user would. */
export async function setSlider(page: Page, id: string, value: number): Promise<void> {
  await page.locator(`#${id}`).fill(String(value));
}

/** Waits until the photographs in the queue have these states. */
export async function waitForStates(page: Page, expected: string[]): Promise<void> {
  await page.waitForFunction((states) => {
    const items = [...document.querySelectorAll<HTMLElement>('#queue li')];
    return items.map((item) => item.dataset.state).join() === states;
  }, expected.join());
}

/** Checks that there were no errors and no requests to other servers. */
export function expectClean({errors, requests}: OpenedPage, address: string): void {
  expect(errors).toEqual([]);
  const own = [address, `blob:${new URL(address).origin}`];
  expect(requests.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
}
