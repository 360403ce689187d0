/** What a build adds to the page: the runtime, a proven model, a sample, and the service worker. */
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {type Plugin, transformWithEsbuild} from 'vite';

const DEMO = new URL('../', import.meta.url);
const CHECKOUT = new URL('../', DEMO);

/** The runtimes that browsers of different abilities load; each loads one. */
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
 * Copies the model with its card, and a rendered scene that no generator was trained on.
 *
 * The model is what `python -m export --web` put into `model/`, and without that the int8 file that
 * the Python package carries. A file that is not the one of its card stops the build.
 */
export function modelAndSample(): Plugin {
  return {
    name: 'model-and-sample',
    apply: 'build',
    buildStart() {
      const {model, card} = provenModel(DEMO);
      this.emitFile({type: 'asset', fileName: 'model.tflite', source: model});
      this.emitFile({type: 'asset', fileName: 'model.json', source: card});
      const sample = readFileSync(new URL(SAMPLE, CHECKOUT));
      this.emitFile({type: 'asset', fileName: 'sample.webp', source: sample});
    },
  };
}

/**
 * Reads the model that is put into `model/` of the demo, or else the package's own, and its card.
 *
 * @throws Error if there is none, or it is not the file that the card was written for.
 */
export function provenModel(demo: URL): {model: Buffer; card: Buffer} {
  const put = new URL('model/model.tflite', demo);
  const file = existsSync(put) ? put : packagesOwn(new URL('../', demo));
  const card = readFileSync(new URL(file.href.replace(/\.tflite$/, '.json')));
  const model = readFileSync(file);
  if ((JSON.parse(card.toString()) as {sha256: string}).sha256 !== createHash('sha256').update(model).digest('hex')) {
    throw new Error(`${fileURLToPath(file)} is not the file that its card was written for; ${REMEDY}`);
  }
  return {model, card};
}

function packagesOwn(checkout: URL): URL {
  const folder = new URL('keras_f2a/weights/', checkout);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  // The package also carries a portrait one; the page turns a portrait photograph for this one.
  const found = files.filter((name) => {
    const size = /_(\d+)x(\d+)_int8\.tflite$/.exec(name);
    const portrait = size !== null && Number(size[1]) < Number(size[2]);
    return name.endsWith('_int8.tflite') && !portrait;
  });
  if (found.length !== 1) {
    throw new Error(`there ${found.length ? 'are several models' : 'is no model'}; ${REMEDY}`);
  }
  return new URL(found[0], folder);
}

/** Writes `serviceWorker.js`, which knows every file that was built, and their digest. */
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
          // A browser needs one runtime of several: the page names it when it has loaded it.
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
const REMEDY = 'from the root of the checkout, run `python -m export --web`';
