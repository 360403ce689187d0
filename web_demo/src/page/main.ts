import {followLanguage, LANGUAGES} from './language.js';
import {Page} from './pageController.js';
import {translate} from './texts.js';

/** What browsers have had since about 2023, and the page cannot do without. */
function isSupported(): boolean {
  return (
    'transferControlToOffscreen' in HTMLCanvasElement.prototype &&
    typeof createImageBitmap === 'function' &&
    typeof CompressionStream === 'function' &&
    typeof WebAssembly === 'object'
  );
}

if (isSupported()) {
  void new Page().start();
} else {
  followLanguage((language) => {
    translate(document, LANGUAGES[language]);
    document.getElementById('status')!.textContent = LANGUAGES[language].problems.browserTooOld;
  });
}
