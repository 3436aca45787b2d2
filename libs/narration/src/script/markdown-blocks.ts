import { Lexer, type Token, type Tokens } from 'marked';
import { type Block, type ScriptBlocks } from './blocks';
import { addInline, addLines, withoutComments } from './inline-markdown';
import { MappedText } from './mapped-text';
import { SourceCursor } from './source-cursor';

/** Markdown: headings are chapters; paragraphs, list items, quotations, table rows and code are spoken as their text. */
export function markdownBlocks(source: string, start: number): ScriptBlocks {
  const blocks: Block[] = [];
  addBlocks(new Lexer({ gfm: true }).lex(source.slice(start)), new SourceCursor(source, start), blocks);
  return { blocks, cues: [] };
}

function addBlocks(tokens: readonly Token[], cursor: SourceCursor, blocks: Block[]): void {
  for (const token of tokens) {
    const start = cursor.enter(token.raw);
    addBlock(token, cursor, blocks);
    cursor.leave(token.raw, start);
  }
}

function addBlock(token: Token, cursor: SourceCursor, blocks: Block[]): void {
  switch (token.type) {
    case 'heading': {
      const heading = token as Tokens.Heading;
      const { offset } = cursor;
      blocks.push({ type: 'chapter', title: inlineText(heading.tokens, cursor).text.trim(), level: heading.depth, offset });
      break;
    }
    case 'list':
      addBlocks((token as Tokens.List).items, cursor, blocks);
      break;
    case 'list_item':
    case 'blockquote':
      addBlocks((token as Tokens.Blockquote | Tokens.ListItem).tokens, cursor, blocks);
      break;
    case 'table':
      for (const row of [(token as Tokens.Table).header, ...(token as Tokens.Table).rows]) addParagraph(rowText(row, cursor), blocks);
      break;
    case 'code':
      addParagraph(plainText((token as Tokens.Code).text, cursor), blocks);
      break;
    case 'html':
      addParagraph(plainText(withoutComments(token.raw), cursor), blocks);
      break;
    case 'paragraph':
    case 'text':
      addParagraph(inlineText((token as Tokens.Paragraph).tokens, cursor), blocks);
      break;
    default:
      // White space, rules and definitions of links are not spoken.
      break;
  }
}

function addParagraph(text: MappedText, blocks: Block[]): void {
  if (text.text.trim() !== '') blocks.push({ type: 'paragraph', text });
}

function inlineText(tokens: readonly Token[] | undefined, cursor: SourceCursor): MappedText {
  const text = new MappedText();
  addInline(tokens ?? [], cursor, text);
  return text;
}

function plainText(lines: string, cursor: SourceCursor): MappedText {
  const text = new MappedText();
  addLines(lines, cursor, text);
  return text;
}

function rowText(row: readonly Tokens.TableCell[], cursor: SourceCursor): MappedText {
  const text = new MappedText();
  for (const cell of row) {
    if (text.text !== '' && cell.text !== '') text.add(', ', cursor.offset);
    addInline(cell.tokens, cursor, text);
  }
  return text;
}
