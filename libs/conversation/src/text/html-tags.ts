/** Which tags in a line of text are formatting, as models write it, and not words in angle brackets. */

/** What stands for a break, or has nothing to read within it. */
const VOID = new Set(['br', 'hr', 'wbr', 'img']);
/** What stands in a line without parting its words. */
const WITHIN_WORDS = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong tt u var'.split(' '),
);
/** What parts the text around it. */
const BETWEEN_WORDS = new Set(
  'blockquote center dd details div dl dt h1 h2 h3 h4 h5 h6 li ol p pre section sub summary sup table tbody td th thead tr ul'.split(' '),
);

/** Attributes have values here: "x<b and c>d" is an inequality. */
const TAG = /^<(?<slash>\/?)(?<name>[a-z][a-z\d]*)(?:\s+[a-z][a-z-]*\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))*\s*\/?>$/iu;

/** A piece of a line: markup in angle brackets, or anything else. */
export interface Piece {
  raw: string;
  isTag: boolean;
}

/**
 * What is to be said in place of the tag at `index`: nothing, or a space; undefined when it is none. One that opens an element counts where
 * the line holds its end or begins with it, one that closes an element where the line holds its beginning or ends with it.
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

/** Another tag, space, or the signs that end a sentence. */
const holdsNothing = (piece: Piece): boolean => tagOf(piece) !== undefined || /^[\s\p{P}]*$/u.test(piece.raw);
