import {english} from './english.js';
import {spanish} from './spanish.js';

export const LANGUAGES = {en: english, es: spanish};
export type Language = keyof typeof LANGUAGES;

/**
 * Calls a function with the language of the page, now and after every change.
 *
 * The language comes from the URL's fragment, or else from the browser. A change is written to the
 * fragment, so that it can be bookmarked, because the page stores nothing.
 */
export function followLanguage(apply: (language: Language) => void): void {
  const select = document.getElementById('language') as HTMLSelectElement;
  const follow = () => {
    const language = languageOf(location.hash.slice(1)) ?? languageOf(navigator.language) ?? 'en';
    document.documentElement.lang = select.value = language;
    apply(language);
  };
  select.addEventListener('change', () => {
    history.replaceState(null, '', `#${select.value}`);
    follow();
  });
  addEventListener('hashchange', follow);
  follow();
}

/** Returns the page's language for a name such as `es` or `es-MX`; null if there is none. */
export function languageOf(name: string): Language | null {
  const code = name.toLowerCase().split(/[-_]/)[0];
  return Object.hasOwn(LANGUAGES, code) ? (code as Language) : null;
}
