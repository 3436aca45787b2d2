import { type Token, type Tokens } from 'marked';
import { decodeEntities } from './entities';
import { type MappedText } from './mapped-text';
import { type SourceCursor } from './source-cursor';

/** Adds what is spoken of inline Markdown: the text without marks of emphasis, links, images and code. */
export function addInline(tokens: readonly Token[], cursor: SourceCursor, text: MappedText): void {
  for (const token of tokens) {
    const start = cursor.enter(token.raw);
    addToken(token, cursor, text);
    cursor.leave(token.raw, start);
  }
}

function addToken(token: Token, cursor: SourceCursor, text: MappedText): void {
  const children = 'tokens' in token ? token.tokens : undefined;
  if (children && children.length > 0) addInline(children, cursor, text);
  else if (token.type === 'br') text.add(' ', cursor.offset);
  else if (token.type === 'escape') text.add((token as Tokens.Escape).text, cursor.offset + 1);
  else if (token.type === 'codespan') addLines((token as Tokens.Codespan).text, cursor, text);
  else if (token.type === 'html') addLines(withoutComments(token.raw), cursor, text);
  else if (token.type === 'image' || token.type === 'checkbox' || token.type === 'def') return;
  else addDecoded(token.raw, cursor, text);
}

/** Adds text as it is, its lines joined by spaces. */
export function addLines(lines: string, cursor: SourceCursor, text: MappedText): void {
  for (const [index, line] of lines.split('\n').entries()) {
    if (index > 0) text.add(' ', cursor.offset);
    text.add(line, cursor.line(line));
  }
}

function addDecoded(lines: string, cursor: SourceCursor, text: MappedText): void {
  for (const [index, line] of lines.split('\n').entries()) {
    if (index > 0) text.add(' ', cursor.offset);
    const start = cursor.line(line);
    for (const part of decodeEntities(line)) text.add(part.text, start + part.offset);
  }
}

export const withoutComments = (html: string): string => html.replace(/<!--[\s\S]*?-->/gu, '');
