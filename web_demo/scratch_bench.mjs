import {build} from 'vite';
import {chromium} from 'playwright-core';
const [{output}] = await build({configFile: false, logLevel: 'error', build: {write: false, lib: {entry: '/work/tmp/web-rules/bench/entry.ts', formats: ['iife'], name: 'x'}}});
const browser = await chromium.launch({executablePath:'/usr/bin/chromium', args:['--no-sandbox']});
const page = await browser.newPage(); await page.evaluate(output[0].code);
for (const f of [[], [{centerX: 160, centerY: 100, width: 60, height: 60, eyes: [[145, 90], [175, 90]]}]]) console.log(JSON.stringify(await page.evaluate((x) => globalThis.measure(x), f)));
await browser.close();
