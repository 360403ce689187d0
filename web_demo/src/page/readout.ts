import type {Runner} from '../work/network.js';
import type {Photo} from './photo.js';
import {describeRunner, fillIn, type Texts} from './texts.js';

/** The lines about what ran and what the page is. */
export class Readout {
  private runner: Runner | null = null;
  private modelName = '';
  private isOffline = false;
  private shown: Photo | null = null;
  private formatter: Intl.NumberFormat;

  /** @param texts returns the texts of the current language. */
  constructor(private readonly texts: () => Texts) {
    this.formatter = numberFormat(texts());
  }

  /** Whether the network is loaded. */
  get isReady(): boolean {
    return this.runner !== null;
  }

  setRunner(runner: Runner): void {
    this.runner = runner;
    this.summarize(this.shown);
  }

  /**
   * Shows size and times of the photograph on the screen, and whether it has no flash; null for
   * none.
   */
  summarize(photo: Photo | null): void {
    this.shown = photo;
    const analysis = photo?.analysis;
    const noFlash = document.getElementById('noFlash')!;
    const message = analysis?.isAlmostUnchanged && photo!.look.strength > 0 ? this.texts().noFlash : '';
    // Only if it changed, because screen readers would repeat it.
    if (noFlash.textContent !== message) noFlash.textContent = message;
    const summary = document.getElementById('summary')!;
    if (!analysis) {
      summary.textContent = '';
      return;
    }
    summary.textContent = fillIn(this.texts().summary, {
      width: analysis.width,
      height: analysis.height,
      seconds: this.formatter.format(analysis.totalTime / 1000),
      runner: describeRunner(this.runner ?? analysis.runner, this.texts()),
      network: Math.round(analysis.networkTime),
    });
    summary.dataset.wholeTime = String(analysis.totalTime);
  }

  /** Reads and shows the name of the model. */
  async nameModel(): Promise<void> {
    const response = await fetch('./model.json').catch(() => null);
    if (!response?.ok) return;
    const {name, version, format} = (await response.json()) as Record<string, string>;
    this.modelName = `${name} ${version}, ${format}`;
    this.translate();
  }

  /** Shows whether the page now works offline. */
  setOffline(isOffline: boolean): void {
    this.isOffline = isOffline;
    document.getElementById('offline')!.dataset.kept = String(isOffline);
    this.translate();
  }

  /** Updates all lines to the current language. */
  translate(): void {
    this.formatter = numberFormat(this.texts());
    this.summarize(this.shown);
    document.getElementById('modelName')!.textContent =
      this.modelName && fillIn(this.texts().model, {name: this.modelName});
    document.getElementById('offline')!.textContent = this.isOffline ? this.texts().offlineReady : '';
  }
}

function numberFormat({locale}: Texts): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {maximumFractionDigits: 2});
}
