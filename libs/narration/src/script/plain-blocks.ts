import { type ParagraphBlock, type ScriptBlocks } from './blocks';
import { MappedText } from './mapped-text';
import { isBlank, linesOf, trimLine } from './source-lines';

/** Plain text: paragraphs with blank lines between them. The lines of a paragraph are joined by spaces. */
export function plainBlocks(source: string): ScriptBlocks {
  const blocks: ParagraphBlock[] = [];
  let paragraph: MappedText | undefined;
  for (const line of linesOf(source, 0)) {
    if (isBlank(line)) {
      paragraph = undefined;
      continue;
    }
    const { text, offset } = trimLine(line);
    if (paragraph) paragraph.add(' ', line.offset - 1).add(text, offset);
    else {
      paragraph = new MappedText().add(text, offset);
      blocks.push({ type: 'paragraph', text: paragraph });
    }
  }
  return { blocks, cues: [] };
}
