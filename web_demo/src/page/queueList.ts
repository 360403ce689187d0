import type {Photo} from './photo.js';
import {explainProblem, fillIn, leftOutText, type Texts} from './texts.js';

/** The thumbnails of all photographs. */
export class QueueList {
  private readonly items = new Map<Photo, HTMLLIElement>();

  /**
   * @param list the element for the thumbnails.
   * @param texts returns the texts of the current language.
   * @param onSelect receives the photograph to show.
   * @param onRemove receives the photograph to remove.
   */
  constructor(
    private readonly list: HTMLElement,
    private readonly texts: () => Texts,
    private readonly onSelect: (photo: Photo) => void,
    private readonly onRemove: (photo: Photo) => void,
  ) {}

  add(photo: Photo): void {
    const item = document.createElement('li');
    const select = document.createElement('button');
    select.type = 'button';
    select.append(document.createElement('canvas'), createSpan('name', photo.name), createSpan('state', ''));
    select.addEventListener('click', () => this.onSelect(photo));
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'remove';
    remove.addEventListener('click', () => this.onRemove(photo));
    item.append(select, remove);
    this.items.set(photo, item);
    this.list.append(item);
    this.update(photo);
  }

  remove(photo: Photo): void {
    const item = this.items.get(photo);
    if (!item) return;
    this.items.delete(photo);
    const hasFocus = item.contains(document.activeElement);
    const neighbor = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    if (!hasFocus) return;
    // Otherwise the keyboard would start again at the top of the page.
    (neighbor?.querySelector<HTMLElement>('.remove') ?? document.getElementById('files'))?.focus();
  }

  select(photo: Photo | null): void {
    for (const [other, item] of this.items) {
      item.querySelector('button')!.setAttribute('aria-current', String(other === photo));
    }
  }

  /** Updates the item of a photograph. */
  update(photo: Photo): void {
    const item = this.items.get(photo);
    if (!item) return;
    const texts = this.texts();
    item.className = photo.state;
    item.dataset.state = photo.state;
    item.querySelector('.state')!.textContent = photo.problem
      ? explainProblem(photo.problem, texts)
      : [texts.states[photo.state], leftOutText(photo.leftOut, texts)].filter(Boolean).join('. ');
    const remove = item.querySelector('.remove')!;
    remove.textContent = texts.remove;
    remove.setAttribute('aria-label', fillIn(texts.removeLabel, {name: photo.name}));
    const {thumbnail} = photo;
    if (!thumbnail) return;
    const canvas = item.querySelector('canvas')!;
    canvas.width = thumbnail.width;
    canvas.height = thumbnail.height;
    canvas.getContext('2d')!.drawImage(thumbnail, 0, 0);
  }

  /** Updates all items to the current language. */
  translate(): void {
    for (const photo of this.items.keys()) this.update(photo);
  }
}

function createSpan(name: string, text: string): HTMLSpanElement {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
}
