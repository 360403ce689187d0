import {Page} from './pageController.js';
import {LANGUAGES, preferredLanguage, translate} from './texts.js';

/** What browsers have had since about 2023, and the page cannot do without. */
function isSupported(): boolean {
  return 'transferControlToOffscreen' in HTMLCanvasElement.prototype
    && typeof createImageBitmap === 'function' && typeof CompressionStream === 'function'
    && typeof WebAssembly === 'object';
}

if (isSupported()) {
  void new Page().start();
} else {
  const texts = LANGUAGES[preferredLanguage()];
  translate(document, texts);
  document.getElementById('status')!.textContent = texts.problems.browserTooOld;
}
