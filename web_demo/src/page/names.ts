/**
 * Returns the name of a corrected photograph, `NAME_ambient.jpg`, valid in any file system or
 * archive.
 *
 * @param name the photograph's name, which may contain anything.
 * @param type type of the result, for example `image/png`.
 * @param taken names already used in the same folder; the result is added.
 */
export function resultName(name: string, type: string, taken = new NameSet()): string {
  const stem = sanitizeStem(name.replace(/\.[^.]*$/, ''));
  const suffix = type === 'image/png' ? '.png' : '.jpg';
  let result = truncateName(stem, `_ambient${suffix}`);
  for (let counter = 2; taken.has(result); counter++) {
    result = truncateName(stem, `_ambient_${counter}${suffix}`);
  }
  taken.add(result);
  return result;
}

/** Names in one folder. Those that file systems consider equal are equal. */
export class NameSet {
  private readonly names = new Set<string>();

  has(name: string): boolean {
    return this.names.has(NameSet.normalize(name));
  }

  add(name: string): void {
    this.names.add(NameSet.normalize(name));
  }

  private static normalize(name: string): string {
    return name.normalize('NFC').toLowerCase();
  }
}

/**
 * Returns a file's name for display, without invisible characters such as those that reorder text.
 */
export function displayName(name: string): string {
  return name.replace(INVISIBLE, '');
}

function sanitizeStem(stem: string): string {
  const safe = displayName(stem)
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\ufffd]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return (RESERVED_NAME.test(safe) ? `_${safe}` : safe) || 'photo';
}

/** Returns a name of at most `MOST_BYTES` bytes, truncated between characters. */
function truncateName(stem: string, suffix: string): string {
  let remaining = MAX_NAME_BYTES - suffix.length;
  let result = '';
  for (const character of stem) {
    remaining -= new TextEncoder().encode(character).length;
    if (remaining < 0) break;
    result += character;
  }
  return result + suffix;
}

/** Control characters, bidirectional marks, line separators and lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;
/** Device names, which may not precede the first dot of a name on Windows. */
const RESERVED_NAME = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\./i;
/** File systems allow 255, but browsers append a suffix of their own while writing. */
const MAX_NAME_BYTES = 240;
