import {followLanguage, LANGUAGES} from './language.js';
import {Page} from './pageController.js';
import {translate} from './texts.js';

/** Returns whether the browser has the features that the page requires, common since about 2023. */
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
