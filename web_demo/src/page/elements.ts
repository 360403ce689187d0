export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

export function onClick(id: string, action: () => void): void {
  byId(id).addEventListener('click', action);
}
