import {appendFileSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {english} from '../../src/page/english.js';
import {
  waitUntilCorrected,
  expectClean,
  pickFiles,
  saveDownload,
  setSlider,
  BrowserSession,
} from '../browser/browser.js';

/**
 * Photographs made by `tests/web_demo`, and the folder for results with the light and strength of
 * each.
 */
const PHOTOS = process.env.PHOTOS!;
const RESULTS = process.env.RESULTS!;
const DOT = '#lightDot';
const POLL_OPTIONS = {timeout: 60_000};

let session: BrowserSession;
beforeAll(async () => {
  session = await BrowserSession.start();
});
afterAll(async () => {
  await session.stop();
});

/** Waits until the picture shows a light, by default that of the dot, and returns the light. */
async function waitForLight(page: Page, light?: string): Promise<string> {
  await page.waitForFunction((expected) => {
    const dot = document.querySelector<HTMLElement>('#lightDot')!;
    const chosen = document.querySelector<HTMLElement>('#lights button[aria-pressed="true"]');
    if (expected) return dot.dataset.shown === expected;
    const degrees = dot.getAttribute('aria-valuetext')?.match(/\d+/g)?.map(Number) ?? [];
    const [azimuth, elevation] = dot.dataset.shown!.split(',').map(Number);
    const isSameSide = azimuth === Number(dot.getAttribute('aria-valuenow'));
    return !chosen && isSameSide && degrees[0] === Math.abs(azimuth) && degrees[1] === Math.abs(elevation);
  }, light);
  return (await page.getAttribute(DOT, 'data-shown'))!;
}

/** Saves the result and records its light and strength. */
async function saveAndRecord(page: Page, name: string, light: string, strength = 1): Promise<void> {
  await saveDownload(page, '#save', RESULTS, `${name}.png`);
  appendFileSync(`${RESULTS}/lights.txt`, `${name} ${light} ${strength}\n`);
}

/** Returns the right part of the picture as drawn, without dot and divider. */
async function captureDrawing(page: Page): Promise<string> {
  const show = (visibility: string) =>
    page.locator(DOT).evaluate((dot: HTMLElement, value) => void (dot.style.visibility = value), visibility);
  await show('hidden');
  await page.waitForTimeout(300); // The first requested frame may be followed by another one.
  const {x, y, width, height} = (await page.locator('#picture').boundingBox())!;
  const picture = await page.screenshot({clip: {x: x + 0.6 * width, y, width: 0.4 * width, height}});
  await show('');
  return picture.toString('base64');
}

async function dragDot(page: Page, across: number, down: number): Promise<void> {
  const from = (await page.locator(DOT).boundingBox())!;
  const {x, y, width, height} = (await page.locator('#picture').boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(x + across * width, y + down * height, {steps: 12});
  await page.mouse.up();
}

it('follows the dot, and saves the light at full size', async () => {
  const opened = await session.open();
  const {page} = opened;
  await pickFiles(page, `${PHOTOS}/scene.png`);
  await waitUntilCorrected(page);
  await waitForLight(page, 'auto');
  await saveAndRecord(page, 'auto', 'auto');
  const before = await captureDrawing(page);
  const divider = await page.getAttribute('#divider', 'aria-valuenow');
  await dragDot(page, 0.2, 0.4);
  const light = await waitForLight(page);
  expect(light).toMatch(/^-5[345],2[345],0\.2$/);
  expect(await page.locator('#lights [aria-pressed="true"]').count()).toBe(0);
  expect(await page.getAttribute('#divider', 'aria-valuenow'), 'the divider stays').toBe(divider);
  expect(await page.getAttribute(DOT, 'aria-valuetext')).toMatch(/^5[345]° left, 2[345]° up$/);
  await saveAndRecord(page, 'dragged', light);
  const once = await captureDrawing(page);
  expect(once).not.toBe(before);
  for (const value of [120, 200, 150]) await setSlider(page, 'strength', value);
  await saveAndRecord(page, 'dragged_half_more', light, 1.5);
  await expect.poll(() => captureDrawing(page), POLL_OPTIONS).not.toBe(once);
  const halfMore = await captureDrawing(page);
  await page.press('#strength', 'End');
  expect(await page.getAttribute('#strength', 'aria-valuetext')).toBe('200%');
  await saveAndRecord(page, 'dragged_twice', light, 2);
  await expect.poll(() => captureDrawing(page), POLL_OPTIONS).not.toBe(halfMore);
  await setSlider(page, 'strength', 100);
  await expect.poll(() => captureDrawing(page), POLL_OPTIONS).toBe(once);
  expectClean(opened, session.address);
});

it('goes back to what it showed before, with the button', async () => {
  const {page} = await session.open();
  await waitUntilCorrected(page);
  await waitForLight(page, 'auto');
  const before = await captureDrawing(page);
  for (const light of ['lamp-left', 'room']) {
    await page.click(`#lights [data-light="${light}"]`);
    await waitForLight(page, light);
    expect(await captureDrawing(page), light).not.toBe(before);
  }
  await page.click('#lights [data-light="auto"]');
  await waitForLight(page, 'auto');
  expect(await captureDrawing(page)).toBe(before);
});

it('takes the named lights, and keeps the light of each photograph', async () => {
  const {page} = await session.open();
  await pickFiles(page, `${PHOTOS}/scene.png`);
  await page.click('#lights [data-light="lamp-left"]');
  await waitForLight(page, 'lamp-left');
  expect(await page.getAttribute(DOT, 'aria-valuenow')).toBe('-58');
  expect(await page.getAttribute(DOT, 'aria-valuetext')).toBe(english.lightLampLeft);
  await page.setInputFiles('#files', [`${PHOTOS}/upright.png`]);
  await page.waitForFunction(() => document.querySelectorAll('#queue li[data-state="ready"]').length === 2);
  await page.click('#lights [data-light="window-right"]');
  await waitForLight(page, 'window-right');
  expect(await page.textContent('#noFlash')).toBe('');
  await saveAndRecord(page, 'upright', 'window-right');
  await page.click('#lights [data-light="auto"]');
  await waitForLight(page, 'auto');
  expect(await page.textContent('#noFlash'), 'its file says that no flash fired').toBe(english.noFlash);
  await saveAndRecord(page, 'upright_auto', 'auto');
  await page.click('#queue li:first-child button');
  await waitForLight(page, 'lamp-left');
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('#save')!.disabled);
  await saveAndRecord(page, 'lamp-left', 'lamp-left');
  await page.click('#reset');
  await waitForLight(page, 'auto');
  expect(await page.textContent('#noFlash')).toBe('');
});

it('obeys the keyboard and the finger', async () => {
  const {page} = await session.open({hasTouch: true});
  await pickFiles(page, `${PHOTOS}/scene.png`);
  await page.click('#lights [data-light="ceiling"]');
  await page.focus(DOT);
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowDown']) await page.keyboard.press(key);
  expect(await waitForLight(page)).toMatch(/^-10,4[23],0\.2$/);
  const from = (await page.locator(DOT).boundingBox())!;
  const {x, y, width, height} = (await page.locator('#picture').boundingBox())!;
  const devTools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove', at: number, down: number) =>
    devTools.send('Input.dispatchTouchEvent', {type, touchPoints: [{x: at, y: down}]});
  await touch('touchStart', from.x + from.width / 2, from.y + from.height / 2);
  for (const share of [0.6, 0.7, 0.8]) await touch('touchMove', x + share * width, y + 0.5 * height);
  await devTools.send('Input.dispatchTouchEvent', {type: 'touchEnd', touchPoints: []});
  const light = await waitForLight(page);
  expect(light).toMatch(/^5[345],1[456],0\.2$/);
  await saveAndRecord(page, 'touched', light);
});

it('measures a step', async () => {
  const {page} = await session.open();
  await pickFiles(page, `${PHOTOS}/scene.png`);
  await waitForLight(page, 'auto');
  const times: number[] = [];
  await page.focus(DOT);
  for (let step = 0; step < 15; step++) {
    await page.keyboard.press(step % 2 ? 'ArrowLeft' : 'ArrowUp');
    await waitForLight(page);
    times.push(Number(await page.getAttribute(DOT, 'data-step-time')));
  }
  times.sort((a, b) => a - b);
  console.log(
    `a step of the light: ${times[7].toFixed(1)} ms (${times[0].toFixed(1)} to ${times[14].toFixed(1)})`,
  );
  expect(times[0]).toBeGreaterThan(0);
});

describe.each(['en-US', 'es-ES'])('in %s', (locale) => {
  it('axe-core finds nothing', async () => {
    const opened = await session.open({locale, viewport: {width: 390, height: 844}});
    const {page} = opened;
    await waitUntilCorrected(page);
    await page.waitForSelector('#lights:not([hidden])');
    const texts = await page.locator('#lights button').allTextContents();
    expect(new Set(texts).size).toBe(7);
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    await page.evaluate(readFileSync(axe, 'utf8'));
    const found = await page.evaluate(async () => {
      const {axe: run} = globalThis as unknown as {axe: {run(): Promise<{violations: {id: string}[]}>}};
      return (await run.run()).violations.map(({id}) => id);
    });
    expect(found).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, 'scrolls sideways').toBeLessThanOrEqual(0);
    await page.screenshot({path: `${RESULTS}/${locale}.jpg`, type: 'jpeg'});
    expectClean(opened, session.address);
  });
});
