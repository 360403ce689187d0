/**
 * The name of a corrected photograph: `NAME_ambient.jpg`, as every file system and archive takes it.
 *
 * @param name the photograph's, whatever is in it.
 * @param type of the result, for example `image/png`.
 * @param taken names that others of the same folder have; the result is added.
 */
export function resultName(name: string, type: string, taken = new Names()): string {
  const stem = safeStem(name.replace(/\.[^.]*$/, ''));
  const suffix = type === 'image/png' ? '.png' : '.jpg';
  let result = shortened(stem, `_ambient${suffix}`);
  for (let number = 2; taken.has(result); number++) {
    result = shortened(stem, `_ambient_${number}${suffix}`);
  }
  taken.add(result);
  return result;
}

/** Names in one folder; those are equal that file systems take for equal. */
export class Names {
  private readonly names = new Set<string>();

  has(name: string): boolean {
    return this.names.has(Names.plain(name));
  }

  add(name: string): void {
    this.names.add(Names.plain(name));
  }

  private static plain(name: string): string {
    return name.normalize('NFC').toLowerCase();
  }
}

/** A file's name as the page shows it: without signs that nobody sees but that turn the text around. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, '');
}

function safeStem(stem: string): string {
  const safe = shownName(stem)
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\ufffd]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return (RESERVED.test(safe) ? `_${safe}` : safe) || 'photo';
}

/** A name of at most `MOST_BYTES` bytes, cut between characters. */
function shortened(stem: string, ending: string): string {
  let room = MOST_BYTES - ending.length;
  let result = '';
  for (const character of stem) {
    room -= new TextEncoder().encode(character).length;
    if (room < 0) break;
    result += character;
  }
  return result + ending;
}

/** Control characters, marks of direction, ends of lines, and halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;
/** Names of devices, with which no name may begin on Windows, up to its first dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\./i;
/** File systems take 255; browsers add an ending of their own while they write. */
const MOST_BYTES = 240;
