import type {Look} from '../work/correctionService.js';
import {filled, type Texts} from './texts.js';

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
        this.describe();
        onInput(this.look);
      });
    }
    this.describe();
  }

  get look(): Look {
    const [strength, brightness, warmth] = NAMES.map((name) => Number(this.inputs[name].value) / UNITS[name]);
    return {strength, brightness, warmth};
  }

  set look(look: Look) {
    for (const name of NAMES) this.inputs[name].value = String(Math.round(look[name] * UNITS[name]));
    this.describe();
  }

  /** Updates the displayed values, for example after a change of language. */
  describe(): void {
    const {strength, brightness, warmth} = this.look;
    const texts = this.texts();
    const signed = (value: number, digits: number) =>
      new Intl.NumberFormat(texts.locale, {
        signDisplay: 'exceptZero',
        minimumFractionDigits: digits,
      }).format(value);
    this.say('strength', filled(texts.percent, {value: Math.round(strength * 100)}));
    this.say('brightness', filled(texts.stops, {value: signed(brightness, 1)}));
    this.say('warmth', filled(texts.percent, {value: signed(Math.round(warmth * 100), 0)}));
  }

  private say(name: string, text: string): void {
    document.getElementById(`${name}Value`)!.textContent = text;
    this.inputs[name].setAttribute('aria-valuetext', text);
  }
}
