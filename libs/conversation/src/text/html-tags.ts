/** Decides which tags in a line are formatting, as models write it, and which are words in angle brackets. */

/** Tags that stand for a break, or that never have content. */
const VOID = new Set(['br', 'hr', 'wbr', 'img']);
/** Inline tags, which do not separate words. */
const WITHIN_WORDS = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong tt u var'.split(' '),
);
/** Block tags, which separate the text around them. */
const BETWEEN_WORDS = new Set(
  'blockquote center dd details div dl dt h1 h2 h3 h4 h5 h6 li ol p pre section sub summary sup table tbody td th thead tr ul'.split(' '),
);

/** A tag. Its attributes must have values, because "x<b and c>d" is an inequality. */
const TAG = /^<(?<slash>\/?)(?<name>[a-z][a-z\d]*)(?:\s+[a-z][a-z-]*\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))*\s*\/?>$/iu;

/** A piece of a line: markup in angle brackets, or other text. */
export interface Piece {
  raw: string;
  isTag: boolean;
}

/**
 * What replaces the tag at `index` in speech: nothing or a space, or undefined when it is not formatting. An opening tag counts if the
 * line also contains its closing tag or begins with it. A closing tag counts if the line also contains its opening tag or ends with it.
 */
export function tagAsText(pieces: readonly Piece[], index: number): string | undefined {
  const tag = tagOf(pieces[index]);
  if (!tag) return undefined;
  if (VOID.has(tag.name)) return ' ';
  const isElsewhere = (others: readonly Piece[]): boolean =>
    others.some((piece) => {
      const other = tagOf(piece);
      return other?.name === tag.name && other.isEnd !== tag.isEnd;
    });
  const [before, after] = [pieces.slice(0, index), pieces.slice(index + 1)];
  const isAlone = tag.isEnd ? after.every((piece) => holdsNothing(piece)) : before.every((piece) => holdsNothing(piece));
  if (!isElsewhere(tag.isEnd ? before : after) && !isAlone) return undefined;
  return WITHIN_WORDS.has(tag.name) ? '' : ' ';
}

function tagOf(piece: Piece | undefined): { name: string; isEnd: boolean } | undefined {
  const { slash, name = '' } = (piece?.isTag === true && TAG.exec(piece.raw)?.groups) || {};
  const known = name.toLowerCase();
  return VOID.has(known) || WITHIN_WORDS.has(known) || BETWEEN_WORDS.has(known) ? { name: known, isEnd: slash === '/' } : undefined;
}

/** Whether the piece is another tag, white space or punctuation. */
const holdsNothing = (piece: Piece): boolean => tagOf(piece) !== undefined || /^[\s\p{P}]*$/u.test(piece.raw);
