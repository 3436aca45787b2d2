import { Lexer } from 'marked';
import { type Block, type Cue, type ScriptBlocks } from './blocks';
import { cueLine } from './cue-line';
import { addInline } from './inline-markdown';
import { MappedText } from './mapped-text';
import { SourceCursor } from './source-cursor';
import { isBlank, linesOf, trimLine, type SourceLine } from './source-lines';

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/u;

/** A screenplay: `HOST: text`, `#` headings as chapters, blank lines between paragraphs of one speaker. Inline Markdown is spoken as its text. */
export function screenplayBlocks(source: string, start: number, isSpeaker: (name: string) => boolean): ScriptBlocks {
  const blocks: Block[] = [];
  const cues: Cue[] = [];
  let cue: Cue | undefined;
  let lines: SourceLine[] = [];
  const endParagraph = (): void => {
    if (lines.length > 0) blocks.push({ type: 'paragraph', cue, text: paragraphText(source, lines) });
    lines = [];
  };
  for (const line of linesOf(source, start)) {
    const heading = HEADING.exec(line.text);
    const opening = cueLine(line, isSpeaker);
    if (heading || opening || isBlank(line)) endParagraph();
    if (heading) {
      const title = (heading[2] ?? '').trim();
      const offset = line.offset + line.text.indexOf('#');
      blocks.push({ type: 'chapter', title: titleText(title), level: heading[1]?.length ?? 1, offset });
    } else if (opening) {
      cue = { speaker: opening.speaker, offset: opening.offset };
      cues.push(cue);
      if (!isBlank(opening.rest)) lines.push(trimLine(opening.rest));
    } else if (!isBlank(line)) lines.push(trimLine(line));
  }
  endParagraph();
  return { blocks, cues };
}

function paragraphText(source: string, lines: readonly SourceLine[]): MappedText {
  return inline(lines.map(({ text }) => text).join('\n'), new SourceCursor(source, lines[0]?.offset ?? 0));
}

const titleText = (title: string): string => inline(title, new SourceCursor(title, 0)).text;

function inline(markdown: string, cursor: SourceCursor): MappedText {
  const text = new MappedText();
  addInline(Lexer.lexInline(markdown, { gfm: true }), cursor, text);
  return text;
}
