import {type Dot, dotOf, lightAt, type LightName, NAMED} from '../core/index.js';
import {filled, type Texts} from './texts.js';

/** How far an arrow key moves the dot, as a fraction of the photograph's width and height. */
const KEY_STEP = 1 / 36;
const KEYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  PageUp: [0, -6],
  PageDown: [0, 6],
  Home: [-6, 0],
  End: [6, 0],
};

/** `auto` comes from several sides. Its dot is above the middle, where it hides no other handle. */
const DOT_OF_AUTO: Dot = {across: 0.5, down: 0.25};

/**
 * The buttons of the named lights, and the dot that the user drags to where the light comes from.
 */
export class LightPanel {
  private readonly panel = document.getElementById('lights')!;
  private readonly dot = document.getElementById('lightDot')!;
  private readonly buttons = [...this.panel.querySelectorAll<HTMLButtonElement>('button[data-light]')];
  private present = 'auto';
  private place = DOT_OF_AUTO;

  /**
   * @param frame the element around the picture, which the dot overlays.
   * @param texts returns the texts of the current language.
   * @param onInput receives the light after every move.
   */
  constructor(
    private readonly frame: HTMLElement,
    private readonly texts: () => Texts,
    private readonly onInput: (light: string) => void,
  ) {
    for (const button of this.buttons) {
      button.addEventListener('click', () => this.choose(button.dataset.light!));
    }
    this.listen();
    this.light = 'auto';
  }

  /** Shows buttons and dot, for models that accept a direction of the light. */
  enable(): void {
    this.panel.hidden = this.dot.hidden = false;
  }

  /** The light: a name, or `AZIMUTH,ELEVATION,SIZE`. */
  get light(): string {
    return this.present;
  }

  set light(light: string) {
    this.present = light;
    this.place = placeOf(light);
    this.describe();
  }

  /** Records the light that the picture shows, and the milliseconds that it took. */
  shows(light: string, time: number): void {
    this.dot.dataset.shown = light;
    this.dot.dataset.stepTime = String(time);
  }

  /** Updates the dot's position and its text, for example after a change of language. */
  describe(): void {
    const {across, down} = this.place;
    this.dot.style.left = `${across * 100}%`;
    this.dot.style.top = `${down * 100}%`;
    for (const button of this.buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.light === this.present));
    }
    const [azimuth, elevation] = lightAt(this.place).split(',').map(Number);
    const {lightPlaces} = this.texts();
    const aside = filled(azimuth < 0 ? lightPlaces.left : lightPlaces.right, {degrees: Math.abs(azimuth)});
    const up = filled(elevation < 0 ? lightPlaces.below : lightPlaces.above, {degrees: Math.abs(elevation)});
    const named = this.buttons.find((button) => button.dataset.light === this.present)?.textContent;
    this.dot.setAttribute('aria-valuenow', String(azimuth));
    this.dot.setAttribute('aria-valuetext', named || `${aside}, ${up}`);
  }

  private choose(light: string): void {
    this.light = light;
    this.onInput(light);
  }

  private listen(): void {
    const {dot} = this;
    dot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.stopPropagation(); // Otherwise the divider would move too.
      dot.setPointerCapture(event.pointerId);
    });
    dot.addEventListener('pointermove', (event) => {
      if (dot.hasPointerCapture(event.pointerId)) this.moveToPointer(event);
    });
    dot.addEventListener('keydown', (event) => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      const {across, down} = this.place;
      this.moveTo({across: across + step[0] * KEY_STEP, down: down + step[1] * KEY_STEP});
    });
  }

  private moveToPointer({clientX, clientY}: PointerEvent): void {
    const {left, top, width, height} = this.frame.getBoundingClientRect();
    this.moveTo({across: (clientX - left) / width, down: (clientY - top) / height});
  }

  private moveTo({across, down}: Dot): void {
    this.present = lightAt({across, down});
    this.place = {across: inside(across), down: inside(down)};
    this.describe();
    this.onInput(this.present);
  }
}

function placeOf(light: string): Dot {
  if (light === 'auto') return DOT_OF_AUTO;
  if (light in NAMED) return dotOf(NAMED[light as LightName]);
  const [azimuth, elevation, size] = light.split(',').map(Number);
  return dotOf({azimuth, elevation, size});
}

function inside(position: number): number {
  return Math.min(Math.max(position, 0), 1);
}
