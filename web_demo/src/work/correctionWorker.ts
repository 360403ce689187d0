/** Decodes, corrects and writes photographs, away from the page's own thread. */
import {Corrector, LocalAffine, partOf, RgbImage, Tone} from '../core/index.js';
import {megapixels, type PhotoFile} from '../files/photoFile.js';
import {Problem} from '../files/problem.js';
import {readPhotoFile} from '../files/readPhotoFile.js';
import {answerCalls} from './calls.js';
import {DecodedPhoto} from './decodedPhoto.js';
import type {
  AnalyseOrder, Analysed, Loaded, LoadOrder, PlainModel, SaveOrder, Saved,
} from './correctionService.js';
import {Network} from './network.js';
import {writePhoto} from './photoWriter.js';

const THUMBNAIL = 160;
/** 4 bytes for each pixel. */
const MOST_KEPT_MEGAPIXELS = 25;

let network: Promise<Network> | null = null;

answerCalls({
  async load({base, isolated}: LoadOrder) {
    network ??= Network.load(base, isolated);
    const result: Loaded = {runner: (await network).runner, runtime: runtimeFiles()};
    return {result};
  },

  async tryGpu() {
    const loaded = await theNetwork();
    await loaded.tryGpu();
    return {result: loaded.runner};
  },

  async analyse({id, blob, previewSide}: AnalyseOrder, monitor) {
    const start = performance.now();
    const opened = await open(id, blob);
    const {photo} = opened;
    try {
      await monitor.progress(DECODED);
      const engine = await theNetwork();
      const corrector = new Corrector(engine);
      const found = await corrector.analyse(photo, partOf(monitor, DECODED, 1));
      const {width, height} = photo;
      const result: Analysed = {
        width,
        height,
        model: plain(found.model),
        thumbnail: await thumbnailOf(found.corrected),
        preview: previewSide ? await previewOf(photo, previewSide) : null,
        networkTime: found.networkTime,
        wholeTime: performance.now() - start,
        runner: engine.runner,
        leftOut: opened.file.leftOut,
      };
      const pictures = result.preview ? [result.thumbnail, result.preview] : [result.thumbnail];
      return {result, transfer: pictures};
    } finally {
      if (previewSide) keep(opened);
      else close(opened);
    }
  },

  async save({id, blob, model, strength, brightness, warmth}: SaveOrder, monitor) {
    const start = performance.now();
    const opened = await open(id, blob);
    const {file, photo} = opened;
    try {
      await monitor.progress(DECODED);
      const settings = {strength, tone: new Tone(brightness, warmth)};
      const known = model ? fromPlain(model) : await analysed(photo);
      const written = await writePhoto(photo, file, known, settings, partOf(monitor, DECODED, 1));
      const result: Saved = {...written, wholeTime: performance.now() - start};
      return {result};
    } finally {
      close(opened);
    }
  },
});

/** Which of the runtime's files the browser has taken. */
function runtimeFiles(): string[] {
  return performance.getEntriesByType('resource').map(({name}) => name)
    .filter((name) => name.includes('/wasm/'));
}

async function theNetwork(): Promise<Network> {
  if (!network) throw new Problem('modelMissing');
  return network;
}

async function analysed(photo: DecodedPhoto): Promise<LocalAffine> {
  return (await new Corrector(await theNetwork()).analyse(photo)).model;
}

interface Opened {
  readonly id: number;
  readonly file: PhotoFile;
  readonly photo: DecodedPhoto;
}

/** The photograph on the screen, unless it is very large: it will be saved next. */
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

/** The photograph for the view: whole where it is no larger than that, else a smaller copy. */
function previewOf(photo: DecodedPhoto, side: number): Promise<ImageBitmap> {
  const scale = Math.min(1, side / Math.max(photo.width, photo.height));
  return createImageBitmap(photo.bitmap, {
    resizeWidth: Math.max(Math.round(photo.width * scale), 1),
    resizeHeight: Math.max(Math.round(photo.height * scale), 1),
    resizeQuality: 'medium',
    premultiplyAlpha: 'none', // As WebGL takes it.
  });
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

function plain({gain, offset}: LocalAffine): PlainModel {
  return {height: gain.height, width: gain.width, gain: gain.values, offset: offset.values};
}

function fromPlain({height, width, gain, offset}: PlainModel): LocalAffine {
  return new LocalAffine(new RgbImage(height, width, gain), new RgbImage(height, width, offset));
}

const DECODED = 0.2;
