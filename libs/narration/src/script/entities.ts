const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
  ['hellip', '…'],
  ['ndash', '–'],
  ['mdash', '—'],
]);

const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp|hellip|ndash|mdash)|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));/gu;

export interface DecodedPart {
  text: string;
  /** Where the part begins in the text that was decoded. */
  offset: number;
}

/** Replaces the entities that occur in prose. Others stay as they are written. */
export function decodeEntities(text: string): DecodedPart[] {
  const parts: DecodedPart[] = [];
  let at = 0;
  for (const match of text.matchAll(ENTITY)) {
    const decoded = decodeOne(match);
    if (decoded === undefined) continue;
    parts.push({ text: text.slice(at, match.index), offset: at }, { text: decoded, offset: match.index });
    at = match.index + match[0].length;
  }
  parts.push({ text: text.slice(at), offset: at });
  return parts.filter((part) => part.text !== '');
}

function decodeOne([, name, decimal, hexadecimal]: RegExpExecArray): string | undefined {
  if (name !== undefined) return NAMED.get(name);
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  // What a script must not hold is not let in by an entity either.
  return code >= 0x20 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000)
    ? String.fromCodePoint(code)
    : undefined;
}
