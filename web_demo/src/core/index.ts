/**
 * The correction of flash photographs in pure TypeScript. Only `webgl.ts` uses browser APIs. The
 * steps match those of `keras_f2a.correction` in Python.
 */
export type {Analysis, SeenPhoto} from './analysis.js';
export {AS_CORRECTED, applyCorrection, type Settings} from './correction.js';
export {Corrector, type Engine, ModelFailed} from './corrector.js';
export {type Dot, dotOf, lightAt} from './draggedLight.js';
export {type LightName, NAMED} from './describedLights.js';
export {BlazeFace, type Face, type FaceFinder, type FaceNetwork} from './faces.js';
export {flashShare} from './flashShare.js';
export type {GeneratorAnalysis} from './generatorAnalysis.js';
export {LightCorrector, type LitAnalysis} from './lightCorrector.js';
export {type LightEngine, type LitPhoto, type ReadImage} from './litPhoto.js';
export {LocalAffine} from './localAffine.js';
export {Cancelled, type Monitor, partOf, UNWATCHED} from './monitor.js';
export {ArrayPixels, type PixelSink, type PixelSource, PIXEL_BYTES, STRIP_ROWS} from './pixels.js';
export {type Repair, RepairedPixels} from './redEyes.js';
export {CHANNELS, RgbImage} from './rgbImage.js';
export {amountOf, LARGEST_STRENGTH} from './strength.js';
export {LARGEST_BRIGHTNESS, LARGEST_WARMTH, Tone} from './tone.js';
export {WebGlCorrection} from './webgl.js';
