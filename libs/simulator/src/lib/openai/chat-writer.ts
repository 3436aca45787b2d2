import type { ChatDialect } from '../faults/fault';
import type { ChatChunks } from './chat-chunks';

/** Writes the events of a reply. Each method returns complete events. */
export interface ChatWriter {
  /** Before the first token. */
  opening(): string[];
  /** One token. */
  token(text: string, index: number): string[];
  /** After the last token, before the finish. */
  closing(): string[];
}

const THOUGHTS = ['<', 'thi', 'nk>', '\nThe user wants', ' an answer.', '\n</th', 'ink>', '\n\n'];

/** A writer for the vendor's own format (`dialect` undefined), or for that of a compatible server. */
export function chatWriterFor(chunks: ChatChunks, dialect: ChatDialect | undefined): ChatWriter {
  const content = (text: string): string => chunks.delta({ content: text });
  const plain: ChatWriter = { opening: () => [], token: (text) => [content(text)], closing: () => [] };
  switch (dialect) {
    case 'thoughts':
      return { ...plain, opening: () => THOUGHTS.map(content) };
    case 'control-tokens':
      return {
        ...plain,
        opening: () => ['<|start_header_id|>', 'assistant', '<|end_header_id|>', '\n\n'].map(content),
        closing: () => ['<|eot', '_id|>'].map(content),
      };
    case 'refusal':
      return { ...plain, token: (text) => [chunks.delta({ content: null, refusal: text })] };
    case 'loose-chunks':
      return {
        ...plain,
        token: (text, index) => [
          ...chunks.loose(),
          'data:\n\n',
          index % 2 === 0 ? content(text) : chunks.delta({ content: [{ type: 'text', text }] }, ''),
        ],
      };
    case 'not-streamed':
    case undefined:
      return plain;
  }
}
