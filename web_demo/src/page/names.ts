/**
 * Returns the name of a corrected photograph, `NAME_ambient.jpg`, valid in any file system or
 * archive.
 *
 * @param name the photograph's name, which may contain anything.
 * @param type type of the result, for example `image/png`.
 * @param taken names already used in the same folder; the result is added.
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

/** Names in one folder. Those that file systems consider equal are equal. */
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

/**
 * Returns a file's name for display, without invisible characters such as those that reorder text.
 */
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

/** Returns a name of at most `MOST_BYTES` bytes, truncated between characters. */
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

/** Control characters, bidirectional marks, line separators and lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;
/** Device names, which may not precede the first dot of a name on Windows. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\./i;
/** File systems allow 255, but browsers append a suffix of their own while writing. */
const MOST_BYTES = 240;
