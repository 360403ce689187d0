/**
 * What a build adds to the page: the runtime, a verified model, a sample, and the service worker.
 */
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {type Plugin, transformWithEsbuild} from 'vite';
import {packSibling} from '../src/work/siblingFile.js';
import {provenGenerator} from './generator.js';

const DEMO = new URL('../', import.meta.url);
const CHECKOUT = new URL('../', DEMO);

/** The runtimes for browsers with different features. Each browser loads one. */
const RUNTIMES = ['litert_wasm', 'litert_wasm_compat', 'litert_wasm_threaded'];

/** Copies LiteRT.js's WebAssembly files to `wasm/`. */
export function runtime(): Plugin {
  return {
    name: 'runtime',
    apply: 'build',
    buildStart() {
      for (const name of RUNTIMES.flatMap((each) => [`${each}_internal.js`, `${each}_internal.wasm`])) {
        const source = readFileSync(new URL(`node_modules/@litertjs/core/wasm/${name}`, DEMO));
        this.emitFile({type: 'asset', fileName: `wasm/${name}`, source});
      }
    },
  };
}

/**
 * Copies the model with its card and companion files, and a rendered scene that no network was
 * trained on. If a file does not match its card, the build fails.
 */
export function modelAndSample(): Plugin {
  return {
    name: 'model-and-sample',
    apply: 'build',
    async buildStart() {
      const {model, card, sibling, faces} = provenGenerator(DEMO);
      const emit = (fileName: string, source: Uint8Array | string) =>
        this.emitFile({type: 'asset', fileName, source});
      emit('model.tflite', model);
      emit('model.json', JSON.stringify({...card, sibling: sibling !== null, faces: faces !== null}));
      if (sibling) emit('sibling.bin', await packSibling(model, sibling));
      if (faces) emit('faces.tflite', faces);
      emit('sample.webp', readFileSync(new URL(SAMPLE, CHECKOUT)));
    },
  };
}

/** Writes `serviceWorker.js` with the list of all built files and their digest. */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const digest = createHash('sha256');
        const files: string[] = [];
        for (const [name, entry] of Object.entries(bundle).sort()) {
          digest.update(name).update(entry.type === 'chunk' ? entry.code : entry.source);
          // A browser needs only one runtime, whose files the page reports after loading them.
          if (!name.startsWith('wasm/')) files.push(name);
        }
        files.push(...readdirSync(new URL('public/', DEMO)));
        const source = readFileSync(new URL('src/serviceWorker.ts', DEMO), 'utf8');
        const {code} = await transformWithEsbuild(source, 'serviceWorker.ts', {
          format: 'iife',
          define: {
            BUILT_FILES: JSON.stringify(files),
            BUILD: JSON.stringify(digest.digest('hex').slice(0, 16)),
          },
        });
        this.emitFile({type: 'asset', fileName: 'serviceWorker.js', source: code});
      },
    },
  };
}

const SAMPLE = 'keras_f2a/data/bundled_scenes/test/Scene_000_flash.webp';
