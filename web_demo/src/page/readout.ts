import type {Runner} from '../work/network.js';
import type {Photo} from './photo.js';
import {described, filled, type Texts} from './texts.js';

/** The lines about what ran and what the page is. */
export class Readout {
  private runner: Runner | null = null;
  private modelName = '';
  private isKept = false;
  private shown: Photo | null = null;
  private number: Intl.NumberFormat;

  /** @param texts returns the texts of the current language. */
  constructor(private readonly texts: () => Texts) {
    this.number = numberFormat(texts());
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
    const found = photo?.analysis;
    const noFlash = document.getElementById('noFlash')!;
    const said = found?.isLeft && photo!.look.strength > 0 ? this.texts().noFlash : '';
    // Only if it changed, because screen readers would repeat it.
    if (noFlash.textContent !== said) noFlash.textContent = said;
    const summary = document.getElementById('summary')!;
    if (!found) {
      summary.textContent = '';
      return;
    }
    summary.textContent = filled(this.texts().summary, {
      width: found.width,
      height: found.height,
      seconds: this.number.format(found.wholeTime / 1000),
      runner: described(this.runner ?? found.runner, this.texts()),
      network: Math.round(found.networkTime),
    });
    summary.dataset.wholeTime = String(found.wholeTime);
  }

  /** Reads and shows the name of the model. */
  async nameModel(): Promise<void> {
    const response = await fetch('./model.json').catch(() => null);
    if (!response?.ok) return;
    const {name, version, format} = (await response.json()) as Record<string, string>;
    this.modelName = `${name} ${version}, ${format}`;
    this.describe();
  }

  /** Shows whether the page now works offline. */
  setKept(isKept: boolean): void {
    this.isKept = isKept;
    document.getElementById('offline')!.dataset.kept = String(isKept);
    this.describe();
  }

  /** Updates all lines to the current language. */
  describe(): void {
    this.number = numberFormat(this.texts());
    this.summarize(this.shown);
    document.getElementById('modelName')!.textContent =
      this.modelName && filled(this.texts().model, {name: this.modelName});
    document.getElementById('offline')!.textContent = this.isKept ? this.texts().offlineReady : '';
  }
}

function numberFormat({locale}: Texts): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {maximumFractionDigits: 2});
}
