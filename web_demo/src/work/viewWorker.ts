/** Draws the photograph before and after its correction, off the page's main thread. */
import {LocalAffine, RgbImage, Tone, WebGlCorrection} from '../core/index.js';
import type {Look, TransferableModel} from './correctionService.js';
import {PlainView} from './plainView.js';
import type {ViewEvent, ViewMessages} from './viewService.js';

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
let isFrameRequested = false;
let isDrawing = false;

const handlers: {[Name in keyof ViewMessages]: (argument: ViewMessages[Name]) => void} = {
  start({canvas: offscreen, withGpu}) {
    canvas = offscreen;
    const gl = withGpu && isWebGlUsable() ? canvas.getContext('webgl2', GL_OPTIONS) : null;
    painter = gl ? new WebGlCorrection(gl) : new PlainView(canvas);
    canvas.addEventListener('webglcontextlost', () => sendEvent({event: 'lost'}));
    sendEvent({event: 'started', renderer: gl ? 'webgl' : 'plain'});
  },
  show({preview: {photo, repaired}, model, look}) {
    painter.setPhoto(photo, repaired);
    photo.close();
    repaired?.close();
    painter.setModel(toLocalAffine(model));
    setLook(look);
    hasPhoto = true;
    requestDraw();
  },
  look(look) {
    setLook(look);
    requestDraw();
  },
  model(model) {
    if (!hasPhoto) return;
    painter.setModel(toLocalAffine(model));
    requestDraw();
  },
  size({width, height}) {
    canvas.width = width;
    canvas.height = height;
    requestDraw();
  },
  divider(share) {
    divider = share;
    requestDraw();
  },
};

addEventListener('message', ({data}: MessageEvent<{name: 'look'; argument: Look}>) => {
  handlers[data.name](data.argument); // The type is one example; any name matches its argument.
});

function setLook({strength, brightness, warmth}: Look): void {
  painter.setSettings({strength, tone: new Tone(brightness, warmth)});
}

/** Draws once for all messages that arrive before the next frame. */
function requestDraw(): void {
  if (isFrameRequested || !hasPhoto) return;
  isFrameRequested = true;
  requestAnimationFrame(() => void drawFrame().catch(reportError));
}

async function drawFrame(): Promise<void> {
  isFrameRequested = false;
  if (isDrawing) {
    requestDraw();
    return;
  }
  isDrawing = true;
  try {
    await painter.draw(divider);
  } finally {
    isDrawing = false;
  }
  sendEvent({event: 'drawn'});
}

/**
 * Tests WebGL on a separate canvas, because a canvas that has had a WebGL context takes no other.
 */
function isWebGlUsable(): boolean {
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

function toLocalAffine({height, width, gain, offset}: TransferableModel): LocalAffine {
  return new LocalAffine(new RgbImage(height, width, gain), new RgbImage(height, width, offset));
}

function sendEvent(event: ViewEvent): void {
  postMessage(event);
}

const GL_OPTIONS: WebGLContextAttributes = {
  antialias: false,
  depth: false,
  preserveDrawingBuffer: true,
};
