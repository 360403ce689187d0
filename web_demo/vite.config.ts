import {defineConfig} from 'vite';
import {modelAndSample, runtime, serviceWorker} from './tools/build_steps.js';
import {ISOLATION} from './tools/headers.js';

export default defineConfig({
  base: './',
  plugins: [runtime(), modelAndSample(), serviceWorker()],
  build: {target: 'es2022', assetsInlineLimit: 0, modulePreload: {polyfill: false}},
  // LiteRT.js loads its runtime with importScripts, which module workers do not have.
  worker: {format: 'iife'},
  preview: {headers: ISOLATION},
});
