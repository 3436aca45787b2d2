/** A place of markup in a text, as UTF-16 indexes: `text.slice(start, end)` is the whole of it. */
export interface TagSpan {
  start: number;
  end: number;
}

export interface FoundTags {
  /** In order, not overlapping. */
  tags: TagSpan[];
  /** Where markup begins whose end has not arrived yet. Only if more text may follow. */
  openAt?: number;
}

/** Markup is short. A bracket that is not closed within this many characters is text. */
const BRACKET_MAX = 80;
const ELEMENT_MAX = 300;
/** The longest element with its content, from `<phoneme` to `</phoneme>`. */
const PAIR_MAX = 500;

const OPENING = /\[|<(?=[\p{L}/])/gu;
/** Elements whose content must stay with them. */
const PAIRED = /^<(phoneme|sub|say-as)(?=[\s>])/iu;

/**
 * Finds `[…]`, `<…>` and the elements that must stay in one piece (`<phoneme>`, `<sub>`, `<say-as>` with their content).
 * `isWhole` means that no more text follows; then what is not closed is not markup.
 */
export function findTags(text: string, isWhole: boolean): FoundTags {
  const tags: TagSpan[] = [];
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const start = match.index;
    const end = text[start] === '[' ? bracketEnd(text, start) : elementEnd(text, start);
    if (end === 'open') {
      if (!isWhole) return { tags, openAt: start };
    } else if (end !== 'none') {
      tags.push({ start, end });
      opening.lastIndex = end;
    }
  }
  // The character after "<" decides whether it begins a tag.
  return !isWhole && text.endsWith('<') ? { tags, openAt: text.length - 1 } : { tags };
}

/** The index behind the tag; `none` if it is no tag; `open` if more text decides. */
type TagEnd = number | 'none' | 'open';

const bracketEnd = (text: string, start: number): TagEnd => closing(text, start, ']', /[\n[]/u, BRACKET_MAX);

function elementEnd(text: string, start: number): TagEnd {
  const end = closing(text, start, '>', /[\n<]/u, ELEMENT_MAX);
  if (typeof end !== 'number') return end;
  const name = PAIRED.exec(text.slice(start, end))?.[1];
  if (name === undefined || text[end - 2] === '/') return end;
  const close = `</${name}>`;
  const index = text
    .slice(end, start + PAIR_MAX)
    .toLowerCase()
    .indexOf(close.toLowerCase());
  if (index >= 0) return end + index + close.length;
  return text.length - start < PAIR_MAX ? 'open' : end;
}

function closing(text: string, start: number, mark: string, never: RegExp, max: number): TagEnd {
  const body = text.slice(start + 1, start + max);
  const index = body.indexOf(mark);
  const wrong = body.search(never);
  if (index >= 0 && (wrong < 0 || index < wrong)) return start + 1 + index + 1;
  return wrong < 0 && body.length < max - 1 ? 'open' : 'none';
}

/** The tag that a cut at `index` would divide. */
export const tagAround = (tags: readonly TagSpan[], index: number): TagSpan | undefined =>
  tags.find((tag) => tag.start < index && index < tag.end);
