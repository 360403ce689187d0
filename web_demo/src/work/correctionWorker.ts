/** Decodes, corrects and encodes photographs off the page's main thread. */
import {type Analysis, LocalAffine, partOf, RepairedPixels, RgbImage, Tone} from '../core/index.js';
import {megapixels} from '../files/photoFile.js';
import {Problem} from '../files/problem.js';
import {readPhotoFile} from '../files/readPhotoFile.js';
import {Analyzer, type OpenedPhoto} from './analyzer.js';
import {serveCalls} from './calls.js';
import {DecodedPhoto} from './decodedPhoto.js';
import type {
  AnalyzeRequest,
  AnalyzeResponse,
  CorrectionData,
  LightRequest,
  LoadRequest,
  LoadResponse,
  RelightRequest,
  RelightResponse,
  SaveRequest,
  SaveResponse,
  TransferableModel,
} from './correctionService.js';
import {Generator} from './generator.js';
import {createPreview} from './preview.js';
import {writePhoto} from './photoWriter.js';

const THUMBNAIL_SIDE = 160;
/** At 4 bytes per pixel. */
const MAX_CACHED_MEGAPIXELS = 25;

let generator: Promise<Generator> | null = null;
let analyzer: Analyzer | null = null;

serveCalls({
  async load({base, isolated}: LoadRequest) {
    generator ??= Generator.load(base, isolated);
    const {runner, supportsLights} = await generator;
    const result: LoadResponse = {runner, supportsLights, runtime: runtimeFiles()};
    return {result};
  },

  async tryGpu() {
    const loaded = await getGenerator();
    await loaded.tryGpu();
    return {result: loaded.runner};
  },

  async analyze({id, blob, light, amount, previewSide}: AnalyzeRequest, monitor) {
    const start = performance.now();
    const opened = await openPhoto(id, blob);
    const {photo} = opened;
    try {
      await monitor.progress(DECODE_PROGRESS);
      const analyzer = await getAnalyzer();
      const request = {light, amount};
      const remaining = partOf(monitor, DECODE_PROGRESS, 1);
      const {runner, analysis} = await analyzer.analyze(opened, request, previewSide > 0, remaining);
      const {width, height} = photo;
      const result: AnalyzeResponse = {
        ...toCorrectionData(analysis, request),
        width,
        height,
        thumbnail: await createThumbnail(analysis.corrected),
        preview: previewSide ? await createPreview(photo.bitmap, analysis.repairs, previewSide) : null,
        networkTime: analysis.networkTime,
        totalTime: performance.now() - start,
        runner,
        isAlmostUnchanged: analysis.isAlmostUnchanged,
        leftOut: opened.file.leftOut,
      };
      const pictures = [result.thumbnail, result.preview?.photo, result.preview?.repaired];
      return {result, transfer: pictures.filter((picture) => picture instanceof ImageBitmap)};
    } finally {
      if (previewSide) cachePhoto(opened);
      else closeUnlessCached(opened);
    }
  },

  async relight({id, light, amount}: RelightRequest) {
    const start = performance.now();
    const request = {light, amount};
    const analysis = await (await getAnalyzer()).relight(id, request);
    if (!analysis) return {result: null};
    const {model} = toCorrectionData(analysis, request);
    const {networkTime, isAlmostUnchanged} = analysis;
    const result: RelightResponse = {
      model,
      networkTime,
      totalTime: performance.now() - start,
      isAlmostUnchanged,
    };
    return {result, transfer: [model.gain.buffer, model.offset.buffer]};
  },

  async save({id, blob, light, amount, correction, strength, brightness, warmth}: SaveRequest, monitor) {
    const start = performance.now();
    const opened = await openPhoto(id, blob);
    const {file, photo} = opened;
    try {
      await monitor.progress(DECODE_PROGRESS);
      const settings = {strength, tone: new Tone(brightness, warmth)};
      const isUpToDate = correction?.light === light && correction.amount === amount;
      const {model, repairs} = isUpToDate ? correction : await computeCorrection(opened, {light, amount});
      const source = strength > 0 ? new RepairedPixels(photo, repairs) : photo;
      const remaining = partOf(monitor, DECODE_PROGRESS, 1);
      const written = await writePhoto(source, file, toLocalAffine(model), settings, remaining);
      const result: SaveResponse = {...written, totalTime: performance.now() - start};
      return {result};
    } finally {
      closeUnlessCached(opened);
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

async function getGenerator(): Promise<Generator> {
  if (!generator) throw new Problem('modelMissing');
  return generator;
}

async function getAnalyzer(): Promise<Analyzer> {
  const loaded = await getGenerator();
  return (analyzer ??= new Analyzer(loaded));
}

async function computeCorrection(opened: OpenedPhoto, request: LightRequest): Promise<CorrectionData> {
  const analyzer = await getAnalyzer();
  const relit = await analyzer.relight(opened.id, request);
  if (relit) return toCorrectionData(relit, request);
  const {analysis} = await analyzer.analyze(opened, request, false);
  return toCorrectionData(analysis, request);
}

/** The photograph on the screen, unless it is very large. It is probably the next one to save. */
let cachedPhoto: OpenedPhoto | null = null;

async function openPhoto(id: number, blob: Blob): Promise<OpenedPhoto> {
  if (cachedPhoto?.id === id) return cachedPhoto;
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Problem('unreadable');
  }
  const file = await readPhotoFile(bytes);
  return {id, file, photo: await DecodedPhoto.decode(blob, file)};
}

function cachePhoto(opened: OpenedPhoto): void {
  if (opened === cachedPhoto) return;
  cachedPhoto?.photo.close();
  cachedPhoto = null;
  if (megapixels(opened.photo) <= MAX_CACHED_MEGAPIXELS) cachedPhoto = opened;
  else opened.photo.close();
}

function closeUnlessCached(opened: OpenedPhoto): void {
  if (opened !== cachedPhoto) opened.photo.close();
}

function createThumbnail(image: RgbImage): Promise<ImageBitmap> {
  const pixels = new ImageData(image.width, image.height);
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[pixel * 4 + channel] = image.values[pixel * 3 + channel] * 255;
    }
    pixels.data[pixel * 4 + 3] = 255;
  }
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(image.width, image.height));
  return createImageBitmap(pixels, {
    resizeWidth: Math.max(Math.round(image.width * scale), 1),
    resizeHeight: Math.max(Math.round(image.height * scale), 1),
    resizeQuality: 'high',
  });
}

function toCorrectionData({model: {gain, offset}, repairs}: Analysis, request: LightRequest): CorrectionData {
  const {height, width} = gain;
  return {...request, model: {height, width, gain: gain.values, offset: offset.values}, repairs};
}

function toLocalAffine({height, width, gain, offset}: TransferableModel): LocalAffine {
  return new LocalAffine(new RgbImage(height, width, gain), new RgbImage(height, width, offset));
}

const DECODE_PROGRESS = 0.2;
