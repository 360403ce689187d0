/** The model that a build puts into the page. */
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** The files of a model that the page is built with. */
export interface ProvenGenerator {
  readonly model: Buffer;
  readonly card: Record<string, unknown>;

  /** The same network for photographs of the other orientation; null if there is no such file. */
  readonly sibling: Buffer | null;

  /** Finds faces for the rules of light; null if they do not apply. */
  readonly faces: Buffer | null;
}

/**
 * Reads the model that `python -m export --web` put into `model/` of the demo, or else the int8
 * files for placed light from the Python package.
 *
 * The rules of light apply to the package's own files, and to those in `model/` if it contains
 * `faces.tflite`.
 *
 * @throws Error if there is no model, or if a file does not match its card.
 */
export function provenGenerator(demo: URL): ProvenGenerator {
  const weights = new URL('../keras_f2a/weights/', demo);
  const put = new URL('model/model.tflite', demo);
  const files = existsSync(put)
    ? {first: put, second: new URL('sibling.tflite', put), faces: new URL('faces.tflite', put)}
    : packagesOwn(weights);
  const {second, faces} = files;
  return {
    ...proven(files.first),
    sibling: second && existsSync(second) ? proven(second).model : null,
    faces: existsSync(faces) ? readFileSync(faces) : null,
  };
}

/** Reads a file and its card. */
function proven(file: URL): {model: Buffer; card: Record<string, unknown>} {
  const text = readFileSync(new URL(file.href.replace(/\.tflite$/, '.json'))).toString();
  const card = JSON.parse(text) as Record<string, unknown>;
  const model = readFileSync(file);
  if (card.sha256 !== digestOf(model)) {
    throw new Error(`${fileURLToPath(file)} is not the file that its card was written for; ${REMEDY}`);
  }
  return {model, card};
}

/**
 * Returns the package's landscape file, its portrait file if there is one, and the face detector.
 */
function packagesOwn(weights: URL): {first: URL; second: URL | null; faces: URL} {
  const names = (existsSync(weights) ? readdirSync(weights) : []).filter(
    // The package's generator goes into the page only on request.
    (name) => name.endsWith('_int8.tflite') && name.startsWith('placed_light_'),
  );
  const [portrait, others] = [true, false].map((wanted) =>
    names.filter((name) => isPortrait(name) === wanted));
  if (others.length !== 1 || portrait.length > 1) {
    throw new Error(`there ${others.length ? 'are several models' : 'is no model'}; ${REMEDY}`);
  }
  return {
    first: new URL(others[0], weights),
    second: portrait.length ? new URL(portrait[0], weights) : null,
    faces: new URL('face_detection_short_range.tflite', weights),
  };
}

function isPortrait(name: string): boolean {
  const size = /_(\d+)x(\d+)_int8\.tflite$/.exec(name);
  return size !== null && Number(size[1]) < Number(size[2]);
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

const REMEDY = 'from the root of the checkout, run `python -m export --web`';
