import type {LeftOut} from '../files/companions.js';
import type {Problem} from '../files/problem.js';
import type {Runner} from '../work/network.js';
import type {english} from './english.js';

/** The page's texts in one language. Words in braces are placeholders. */
export type Texts = typeof english;

/** Names of the texts that are plain strings. */
export type TextName = {[Name in keyof Texts]: Texts[Name] extends string ? Name : never}[keyof Texts];

/** Replaces the placeholders in braces. */
export function fillIn(text: string, words: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name] ?? ''));
}

/** Returns the singular or plural form for a number, with the number filled in. */
export function pluralize(forms: {one: string; other: string}, count: number, {locale}: Texts): string {
  const isOne = new Intl.PluralRules(locale).select(count) === 'one';
  return fillIn(isOne ? forms.one : forms.other, {count});
}

/** Returns one sentence that explains a problem. */
export function explainProblem({kind, details}: Problem, texts: Texts): string {
  const number = new Intl.NumberFormat(texts.locale, {useGrouping: false});
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(details)) {
    words[name] = typeof value === 'number' ? number.format(value) : value;
  }
  return fillIn(texts.problems[kind], words);
}

/** Returns how many photographs were saved and how many were not. */
export function savedText(saved: number, failed: number, texts: Texts): string {
  const first = saved > 0 ? pluralize(texts.saved, saved, texts) : texts.savedNone;
  return failed > 0 ? `${first} ${pluralize(texts.notSaved, failed, texts)}` : first;
}

/** Returns what a result lacks of its photograph's file; empty if nothing. */
export function leftOutText(parts: LeftOut[], texts: Texts): string {
  const names = parts.filter((part) => part !== 'bits').map((part) => texts.parts[part]);
  const list = new Intl.ListFormat(texts.locale, {type: 'unit', style: 'short'}).format(names);
  const leftOut = names.length ? fillIn(texts.leftOut, {parts: list}) : '';
  return [parts.includes('bits') ? texts.reduced : '', leftOut].filter(Boolean).join(' ');
}

/** Returns what ran the network, and why it was not the GPU. */
export function describeRunner({kind, threads, gpu}: Runner, texts: Texts): string {
  if (kind === 'webgpu') return texts.runners.webgpu;
  const runner = fillIn(texts.runners[kind], {threads});
  const reason = texts.gpuVerdicts[gpu];
  return reason ? `${runner} (${reason})` : runner;
}

/** Fills in the texts of all elements that name one. */
export function translate(root: ParentNode, texts: Texts): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = texts[element.dataset.text as TextName];
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', texts[element.dataset.label as TextName]);
  }
}
