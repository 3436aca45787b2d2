import { Lexer, type Token, type Tokens } from 'marked';
import { type Piece, tagAsText } from './html-tags';

/** Scripts without spaces between words, in which emphasis may stand in the middle of letters. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const BEHIND_OPERAND = /[\p{L}\p{M}\p{N})\]}]$/u;
const BEFORE_OPERAND = /^[\p{L}\p{N}(]/u;
const LETTER = /\p{L}/u;
const BEHIND_CODE = /[a-z\d)\]]$/iu;
const ADDRESS = /[/.#:@?]/u;
/** Emphasis directly between letters, as in scripts without spaces, where the Markdown specification sees no end of emphasis. */
const TIGHT_STRONG = /(?<![A-Za-z\d)\]*])\*\*(?<text>[^\s*](?:[^*]*[^\s*])?)\*\*(?!\*)/gu;
/** The address of a link directly after a word must look like this, because `handlers[i](event)` is a function call. */
const PLAIN_ADDRESS = /^(?:[a-z][a-z\d+.-]*:|[/#]|\.{1,2}\/|www\.)/iu;

/**
 * A line as a voice should read it: without the marks of emphasis, code, links and tags. A parser finds possible markup. Marks between
 * operands, unknown tags, and links that are really function calls are not changed.
 */
export const withoutInlineMarkup = (line: string): string => textOf(Lexer.lexInline(line), { before: '', after: '' });

/** The text before and after a token. */
interface Around {
  before: string;
  after: string;
}

function textOf(tokens: readonly Token[], around: Around): string {
  const pieces: Piece[] = tokens.map(({ type, raw }) => ({ raw, isTag: type === 'html' }));
  return tokens
    .map((token, index) => {
      const before = pieces[index - 1]?.raw ?? around.before;
      const after = pieces[index + 1]?.raw ?? around.after;
      return token.type === 'html' ? (tagAsText(pieces, index) ?? token.raw) : tokenText(token, { before, after });
    })
    .join('');
}

function tokenText(token: Token, around: Around): string {
  // The parser’s types allow for extensions, but none are installed.
  const known = token as Tokens.Em | Tokens.Strong | Tokens.Del | Tokens.Link | Tokens.Image | Tokens.Codespan | Tokens.Escape | Tokens.Br;
  switch (known.type) {
    case 'em':
      return unwrapped(known, 1, !isOperator(around) && !isWithinAddress(around));
    case 'strong':
      return unwrapped(known, 2, !BEHIND_CODE.test(around.before) && !isWithinAddress(around));
    case 'del':
      return known.raw.startsWith('~~') ? unwrapped(known, 2, true) : unwrapped(known, 1, false);
    case 'link':
      return linkText(known, around);
    case 'image':
      return known.text;
    case 'codespan':
      // "It`s noon, isn`t it?"
      return LETTER.test(around.before.slice(-1)) && LETTER.test(around.after.slice(0, 1)) ? known.raw : known.text;
    case 'escape':
      // A network path begins with two backslashes.
      return known.text === '\\' && BEFORE_OPERAND.test(around.after) ? known.raw : known.text;
    case 'br':
      return ' ';
    default:
      return token.raw.replace(TIGHT_STRONG, '$<text>');
  }
}

/** The text inside its marks, together with the marks unless they are markup. */
function unwrapped({ raw, tokens }: Tokens.Em | Tokens.Strong | Tokens.Del, length: number, isMarkup: boolean): string {
  const [opening, closing] = [raw.slice(0, length), raw.slice(-length)];
  const text = textOf(tokens, { before: opening, after: closing });
  return isMarkup ? text : opening + text + closing;
}

/** In "5*3*2" a mark between operands is an operator. */
function isOperator({ before, after }: Around): boolean {
  const [last, first] = [before.slice(-1), after.slice(0, 1)];
  return (BEHIND_OPERAND.test(last) && !UNSPACED.test(last)) || (BEFORE_OPERAND.test(first) && !UNSPACED.test(first));
}

/** In "example.com/_x_" the address continues on both sides of the marks. */
const isWithinAddress = ({ before, after }: Around): boolean => /[/.@:=\\#&?%+]$/u.test(before) || /^[/@=\\]/u.test(after);

function linkText({ raw, href, text, tokens }: Tokens.Link, { before }: Around): string {
  // An address in angle brackets, or a bare address.
  if (!raw.startsWith('[')) return raw.startsWith('<') ? text : raw;
  const last = before.slice(-1);
  const isBehindWord = BEHIND_OPERAND.test(last) && !UNSPACED.test(last);
  return !(isBehindWord ? PLAIN_ADDRESS : ADDRESS).test(href) ? raw : textOf(tokens, { before: '[', after: ']' });
}
