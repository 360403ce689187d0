/** Decodes, corrects and encodes photographs off the page's main thread. */
import {type Analysis, LocalAffine, partOf, RepairedPixels, RgbImage, Tone} from '../core/index.js';
import {megapixels} from '../files/photoFile.js';
import {Problem} from '../files/problem.js';
import {readPhotoFile} from '../files/readPhotoFile.js';
import {Analyzer, type Opened} from './analyzer.js';
import {answerCalls} from './calls.js';
import {DecodedPhoto} from './decodedPhoto.js';
import type {
  AnalyzeOrder,
  Analyzed,
  Asked,
  Found,
  LightOrder,
  Loaded,
  LoadOrder,
  Relit,
  SaveOrder,
  Saved,
} from './correctionService.js';
import {Generator} from './generator.js';
import {previewOf} from './preview.js';
import {writePhoto} from './photoWriter.js';

const THUMBNAIL = 160;
/** At 4 bytes per pixel. */
const MOST_KEPT_MEGAPIXELS = 25;

let generator: Promise<Generator> | null = null;
let analyzer: Analyzer | null = null;

answerCalls({
  async load({base, isolated}: LoadOrder) {
    generator ??= Generator.load(base, isolated);
    const {runner, takesLights} = await generator;
    const result: Loaded = {runner, takesLights, runtime: runtimeFiles()};
    return {result};
  },

  async tryGpu() {
    const loaded = await theGenerator();
    await loaded.tryGpu();
    return {result: loaded.runner};
  },

  async analyze({id, blob, light, amount, previewSide}: AnalyzeOrder, monitor) {
    const start = performance.now();
    const opened = await open(id, blob);
    const {photo} = opened;
    try {
      await monitor.progress(DECODED);
      const analyzer = await theAnalyzer();
      const asked = {light, amount};
      const part = partOf(monitor, DECODED, 1);
      const {runner, analysis} = await analyzer.analyze(opened, asked, previewSide > 0, part);
      const {width, height} = photo;
      const result: Analyzed = {
        ...plain(analysis, asked),
        width,
        height,
        thumbnail: await thumbnailOf(analysis.corrected),
        preview: previewSide ? await previewOf(photo.bitmap, analysis.repairs, previewSide) : null,
        networkTime: analysis.networkTime,
        wholeTime: performance.now() - start,
        runner,
        isLeft: analysis.isAlmostUnchanged,
        leftOut: opened.file.leftOut,
      };
      const pictures = [result.thumbnail, result.preview?.photo, result.preview?.repaired];
      return {result, transfer: pictures.filter((picture) => picture instanceof ImageBitmap)};
    } finally {
      if (previewSide) keep(opened);
      else close(opened);
    }
  },

  async relight({id, light, amount}: LightOrder) {
    const start = performance.now();
    const asked = {light, amount};
    const analysis = await (await theAnalyzer()).under(id, asked);
    if (!analysis) return {result: null};
    const {model} = plain(analysis, asked);
    const {networkTime, isAlmostUnchanged: isLeft} = analysis;
    const result: Relit = {model, networkTime, wholeTime: performance.now() - start, isLeft};
    return {result, transfer: [model.gain.buffer, model.offset.buffer]};
  },

  async save({id, blob, light, amount, found, strength, brightness, warmth}: SaveOrder, monitor) {
    const start = performance.now();
    const opened = await open(id, blob);
    const {file, photo} = opened;
    try {
      await monitor.progress(DECODED);
      const settings = {strength, tone: new Tone(brightness, warmth)};
      const isKnown = found?.light === light && found.amount === amount;
      const known = isKnown ? found : await foundFor(opened, {light, amount});
      const {model, repairs} = known;
      const source = strength > 0 ? new RepairedPixels(photo, repairs) : photo;
      const written = await writePhoto(source, file, fromPlain(model), settings, partOf(monitor, DECODED, 1));
      const result: Saved = {...written, wholeTime: performance.now() - start};
      return {result};
    } finally {
      close(opened);
    }
  },
});

/** Returns the files of the runtime that the browser has loaded. */
function runtimeFiles(): string[] {
  return performance
    .getEntriesByType('resource')
    .map(({name}) => name)
    .filter((name) => name.includes('/wasm/'));
}

async function theGenerator(): Promise<Generator> {
  if (!generator) throw new Problem('modelMissing');
  return generator;
}

async function theAnalyzer(): Promise<Analyzer> {
  const loaded = await theGenerator();
  return (analyzer ??= new Analyzer(loaded));
}

async function foundFor(opened: Opened, asked: Asked): Promise<Found> {
  const already = await (await theAnalyzer()).under(opened.id, asked);
  if (already) return plain(already, asked);
  return plain((await (await theAnalyzer()).analyze(opened, asked, false)).analysis, asked);
}

/** The photograph on the screen, unless it is very large. It is probably the next one to save. */
let kept: Opened | null = null;

async function open(id: number, blob: Blob): Promise<Opened> {
  if (kept?.id === id) return kept;
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Problem('unreadable');
  }
  const file = await readPhotoFile(bytes);
  return {id, file, photo: await DecodedPhoto.decode(blob, file)};
}

function keep(opened: Opened): void {
  if (opened === kept) return;
  kept?.photo.close();
  kept = null;
  if (megapixels(opened.photo) <= MOST_KEPT_MEGAPIXELS) kept = opened;
  else opened.photo.close();
}

function close(opened: Opened): void {
  if (opened !== kept) opened.photo.close();
}

function thumbnailOf(image: RgbImage): Promise<ImageBitmap> {
  const pixels = new ImageData(image.width, image.height);
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[pixel * 4 + channel] = image.values[pixel * 3 + channel] * 255;
    }
    pixels.data[pixel * 4 + 3] = 255;
  }
  const scale = Math.min(1, THUMBNAIL / Math.max(image.width, image.height));
  return createImageBitmap(pixels, {
    resizeWidth: Math.max(Math.round(image.width * scale), 1),
    resizeHeight: Math.max(Math.round(image.height * scale), 1),
    resizeQuality: 'high',
  });
}

function plain({model: {gain, offset}, repairs}: Analysis, asked: Asked): Found {
  const {height, width} = gain;
  return {...asked, model: {height, width, gain: gain.values, offset: offset.values}, repairs};
}

function fromPlain({height, width, gain, offset}: Found['model']): LocalAffine {
  return new LocalAffine(new RgbImage(height, width, gain), new RgbImage(height, width, offset));
}

const DECODED = 0.2;
