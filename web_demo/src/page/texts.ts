import type {Problem} from '../files/problem.js';
import type {Runner} from '../work/network.js';
import {english} from './english.js';
import {spanish} from './spanish.js';

/** What the page says, in one language. Words in braces are replaced. */
export type Texts = typeof english;

/** Names of the texts that are sentences by themselves. */
export type TextName = {[Name in keyof Texts]: Texts[Name] extends string ? Name : never}[keyof Texts];

export const LANGUAGES = {en: english, es: spanish};
export type Language = keyof typeof LANGUAGES;

/** The language of the address's fragment, else of the browser. */
export function preferredLanguage(): Language {
  const wanted = location.hash.slice(1) || navigator.language.slice(0, 2);
  return wanted in LANGUAGES ? wanted as Language : 'en';
}

/** Replaces words in braces. */
export function filled(text: string, words: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name] ?? ''));
}

/** One sentence that says what is wrong. */
export function explained(problem: Problem, texts: Texts): string {
  return filled(texts.problems[problem.kind], problem.details);
}

/** What ran the network, and why not the graphics card. */
export function described({kind, threads, gpu}: Runner, texts: Texts): string {
  if (kind === 'webgpu') return texts.runners.webgpu;
  const runner = filled(texts.runners[kind], {threads});
  const reason = texts.gpuVerdicts[gpu];
  return reason ? `${runner} (${reason})` : runner;
}

/** Puts the texts into every element that names one. */
export function translate(root: ParentNode, texts: Texts): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = texts[element.dataset.text as TextName];
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', texts[element.dataset.label as TextName]);
  }
}
