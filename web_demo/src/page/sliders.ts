import type {Look} from '../work/correctionService.js';
import {fillIn, type Texts} from './texts.js';

const NAMES = ['strength', 'brightness', 'warmth'] as const;

/** Slider units per unit of the setting, so that sliders use whole numbers. */
const UNITS = {strength: 100, brightness: 10, warmth: 100};

/** The sliders for strength, brightness and warmth. */
export class Sliders {
  private readonly inputs = Object.fromEntries(
    NAMES.map((name) => [name, document.getElementById(name) as HTMLInputElement]),
  );

  /**
   * @param texts returns the texts of the current language.
   * @param onInput receives the settings after every move.
   */
  constructor(
    private readonly texts: () => Texts,
    onInput: (look: Look) => void,
  ) {
    for (const name of NAMES) {
      this.inputs[name].addEventListener('input', () => {
        this.updateTexts();
        onInput(this.look);
      });
    }
    this.updateTexts();
  }

  get look(): Look {
    const [strength, brightness, warmth] = NAMES.map((name) => Number(this.inputs[name].value) / UNITS[name]);
    return {strength, brightness, warmth};
  }

  set look(look: Look) {
    for (const name of NAMES) this.inputs[name].value = String(Math.round(look[name] * UNITS[name]));
    this.updateTexts();
  }

  /** Updates the displayed values, for example after a change of language. */
  updateTexts(): void {
    const {strength, brightness, warmth} = this.look;
    const texts = this.texts();
    const signed = (value: number, digits: number) =>
      new Intl.NumberFormat(texts.locale, {
        signDisplay: 'exceptZero',
        minimumFractionDigits: digits,
      }).format(value);
    this.showValue('strength', fillIn(texts.percent, {value: Math.round(strength * 100)}));
    this.showValue('brightness', fillIn(texts.stops, {value: signed(brightness, 1)}));
    this.showValue('warmth', fillIn(texts.percent, {value: signed(Math.round(warmth * 100), 0)}));
  }

  private showValue(name: string, text: string): void {
    document.getElementById(`${name}Value`)!.textContent = text;
    this.inputs[name].setAttribute('aria-valuetext', text);
  }
}
