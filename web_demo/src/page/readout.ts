import type {Problem} from '../files/problem.js';
import type {Analysed} from '../work/correctionService.js';
import type {Runner} from '../work/network.js';
import {described, explained, filled, type Texts} from './texts.js';

/** The lines that say what goes on, what ran, and what the page is. */
export class Readout {
  private runner: Runner | null = null;
  private modelName = '';
  private isKept = false;
  private shown: Analysed | null = null;

  /** @param texts gives the present language. */
  constructor(private readonly texts: () => Texts) {}

  /** Whether the network is loaded. */
  get isReady(): boolean {
    return this.runner !== null;
  }

  /** Says what goes on, also to screen readers. */
  say(text: string, isBad = false): void {
    const status = document.getElementById('status')!;
    status.textContent = text;
    status.classList.toggle('bad', isBad);
  }

  /** Says in a sentence what is wrong. */
  complain(problem: Problem): void {
    this.say(explained(problem, this.texts()), true);
  }

  setRunner(runner: Runner): void {
    this.runner = runner;
    this.summarise(this.shown);
  }

  /** Says size and times of the photograph on the screen; null for none. */
  summarise(found: Analysed | null): void {
    this.shown = found;
    const summary = document.getElementById('summary')!;
    if (!found) {
      summary.textContent = '';
      return;
    }
    const number = new Intl.NumberFormat(document.documentElement.lang, {maximumFractionDigits: 2});
    summary.textContent = filled(this.texts().summary, {
      width: found.width,
      height: found.height,
      seconds: number.format(found.wholeTime / 1000),
      runner: described(this.runner ?? found.runner, this.texts()),
      network: Math.round(found.networkTime),
    });
    summary.dataset.wholeTime = String(found.wholeTime);
  }

  /** Reads what the model is called. */
  async nameModel(): Promise<void> {
    const response = await fetch('./model.json').catch(() => null);
    if (!response?.ok) return;
    const {name, version, format} = await response.json();
    this.modelName = `${name} ${version}, ${format}`;
    this.describe();
  }

  /** Says whether the page works without a network from now on. */
  setKept(isKept: boolean): void {
    this.isKept = isKept;
    document.getElementById('offline')!.dataset.kept = String(isKept);
    this.describe();
  }

  /** Says everything but what goes on again, in the present language. */
  describe(): void {
    this.summarise(this.shown);
    document.getElementById('modelName')!.textContent =
      this.modelName && filled(this.texts().model, {name: this.modelName});
    document.getElementById('offline')!.textContent = this.isKept ? this.texts().offlineReady : '';
  }
}
