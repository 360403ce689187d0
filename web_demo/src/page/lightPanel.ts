import {type Dot, dotOf, lightAt, type LightName, NAMED} from '../core/index.js';
import {fillIn, type Texts} from './texts.js';

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
const AUTO_DOT: Dot = {across: 0.5, down: 0.25};

/**
 * The buttons of the named lights, and the dot that the user drags to where the light comes from.
 */
export class LightPanel {
  private readonly panel = document.getElementById('lights')!;
  private readonly dot = document.getElementById('lightDot')!;
  private readonly buttons = [...this.panel.querySelectorAll<HTMLButtonElement>('button[data-light]')];
  private currentLight = 'auto';
  private dotPosition = AUTO_DOT;

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
    this.addListeners();
    this.light = 'auto';
  }

  /** Shows buttons and dot, for models that accept a direction of the light. */
  enable(): void {
    this.panel.hidden = this.dot.hidden = false;
  }

  /** The light: a name, or `AZIMUTH,ELEVATION,SIZE`. */
  get light(): string {
    return this.currentLight;
  }

  set light(light: string) {
    this.currentLight = light;
    this.dotPosition = dotPositionOf(light);
    this.update();
  }

  /** Records the light that the picture shows, and the milliseconds that it took. */
  markShown(light: string, time: number): void {
    this.dot.dataset.shown = light;
    this.dot.dataset.stepTime = String(time);
  }

  /** Updates the dot's position and its text, for example after a change of language. */
  update(): void {
    const {across, down} = this.dotPosition;
    this.dot.style.left = `${across * 100}%`;
    this.dot.style.top = `${down * 100}%`;
    for (const button of this.buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.light === this.currentLight));
    }
    const [azimuth, elevation] = lightAt(this.dotPosition).split(',').map(Number);
    const {lightPlaces} = this.texts();
    const horizontal = fillIn(azimuth < 0 ? lightPlaces.left : lightPlaces.right, {
      degrees: Math.abs(azimuth),
    });
    const vertical = fillIn(elevation < 0 ? lightPlaces.below : lightPlaces.above, {
      degrees: Math.abs(elevation),
    });
    const buttonText = this.buttons.find((button) => button.dataset.light === this.currentLight)?.textContent;
    this.dot.setAttribute('aria-valuenow', String(azimuth));
    this.dot.setAttribute('aria-valuetext', buttonText || `${horizontal}, ${vertical}`);
  }

  private choose(light: string): void {
    this.light = light;
    this.onInput(light);
  }

  private addListeners(): void {
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
      const {across, down} = this.dotPosition;
      this.moveTo({across: across + step[0] * KEY_STEP, down: down + step[1] * KEY_STEP});
    });
  }

  private moveToPointer({clientX, clientY}: PointerEvent): void {
    const {left, top, width, height} = this.frame.getBoundingClientRect();
    this.moveTo({across: (clientX - left) / width, down: (clientY - top) / height});
  }

  private moveTo({across, down}: Dot): void {
    this.currentLight = lightAt({across, down});
    this.dotPosition = {across: clampToUnit(across), down: clampToUnit(down)};
    this.update();
    this.onInput(this.currentLight);
  }
}

function dotPositionOf(light: string): Dot {
  if (light === 'auto') return AUTO_DOT;
  if (light in NAMED) return dotOf(NAMED[light as LightName]);
  const [azimuth, elevation, size] = light.split(',').map(Number);
  return dotOf({azimuth, elevation, size});
}

function clampToUnit(position: number): number {
  return Math.min(Math.max(position, 0), 1);
}
