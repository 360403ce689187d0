/** Draws the photograph before and after its correction, off the page's main thread. */
import {LocalAffine, RgbImage, Tone, WebGlCorrection} from '../core/index.js';
import type {Look, PlainModel} from './correctionService.js';
import {PlainView} from './plainView.js';
import type {ViewEvent, ViewOrder} from './viewService.js';

/** Draws into the canvas. */
export interface Painter {
  setPhoto(photo: ImageBitmap, repaired: ImageBitmap | null): void;
  setModel(model: LocalAffine): void;
  setSettings(settings: {strength: number; tone: Tone}): void;
  draw(divider: number): void | Promise<void>;
}

let canvas: OffscreenCanvas;
let painter: Painter;
let hasPhoto = false;
let divider = 0.5;
let isAsked = false;
let isDrawing = false;

const orders: {[Name in keyof ViewOrder]: (argument: ViewOrder[Name]) => void} = {
  start({canvas: given, withGpu}) {
    canvas = given;
    const gl = withGpu && webGlWorks() ? canvas.getContext('webgl2', GL_OPTIONS) : null;
    painter = gl ? new WebGlCorrection(gl) : new PlainView(canvas);
    canvas.addEventListener('webglcontextlost', () => tell({event: 'lost'}));
    tell({event: 'started', renderer: gl ? 'webgl' : 'plain'});
  },
  show({preview: {photo, repaired}, model, look}) {
    painter.setPhoto(photo, repaired);
    photo.close();
    repaired?.close();
    painter.setModel(fromPlain(model));
    setLook(look);
    hasPhoto = true;
    drawSoon();
  },
  look(look) {
    setLook(look);
    drawSoon();
  },
  model(model) {
    if (!hasPhoto) return;
    painter.setModel(fromPlain(model));
    drawSoon();
  },
  size({width, height}) {
    canvas.width = width;
    canvas.height = height;
    drawSoon();
  },
  divider(share) {
    divider = share;
    drawSoon();
  },
};

addEventListener('message', ({data}: MessageEvent<{name: 'look'; argument: Look}>) => {
  orders[data.name](data.argument); // The type is one example; any name matches its argument.
});

function setLook({strength, brightness, warmth}: Look): void {
  painter.setSettings({strength, tone: new Tone(brightness, warmth)});
}

/** Draws once for all messages that arrive before the next frame. */
function drawSoon(): void {
  if (isAsked || !hasPhoto) return;
  isAsked = true;
  requestAnimationFrame(() => void drawNow().catch(reportError));
}

async function drawNow(): Promise<void> {
  isAsked = false;
  if (isDrawing) {
    drawSoon();
    return;
  }
  isDrawing = true;
  try {
    await painter.draw(divider);
  } finally {
    isDrawing = false;
  }
  tell({event: 'drawn'});
}

/**
 * Tests WebGL on a separate canvas, because a canvas that has had a WebGL context takes no other.
 */
function webGlWorks(): boolean {
  try {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2', GL_OPTIONS);
    if (!gl) return false;
    new WebGlCorrection(gl).delete();
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return true;
  } catch {
    return false;
  }
}

function fromPlain({height, width, gain, offset}: PlainModel): LocalAffine {
  return new LocalAffine(new RgbImage(height, width, gain), new RgbImage(height, width, offset));
}

function tell(event: ViewEvent): void {
  postMessage(event);
}

const GL_OPTIONS: WebGLContextAttributes = {
  antialias: false,
  depth: false,
  preserveDrawingBuffer: true,
};
