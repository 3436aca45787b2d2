import type { LlmToolCall } from '../ports/language-model';
import type { ChatChunk } from './chat-chunk';
import { ReplyText } from './reply-text';
import { ToolCallAssembly } from './tool-call-assembly';

export interface ReplyContentOptions {
  /** True if the server leaves out the tag that opens the reasoning. */
  startsInThought: boolean;
  /** True if the model was offered tools. Otherwise tool calls are ignored. */
  takesToolCalls: boolean;
  /** The longest text and tool calls together, in characters. */
  mostCharacters: number;
}

/** What one reply consists of: the text that belongs to it, and tool calls. Takes no more than was agreed. */
export class ReplyContent {
  readonly #text: ReplyText;
  readonly #calls: ToolCallAssembly | undefined;
  #leftCharacters: number;
  #isWritten = false;
  #hasBegun = false;

  constructor({ startsInThought, takesToolCalls, mostCharacters }: ReplyContentOptions) {
    this.#text = new ReplyText(startsInThought);
    this.#calls = takesToolCalls ? new ToolCallAssembly() : undefined;
    this.#leftCharacters = mostCharacters;
  }

  /** True once any text, including reasoning in tags, or any part of a tool call has arrived. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get hasToolCalls(): boolean {
    return this.#calls?.isEmpty === false;
  }

  /** The finish reason if nothing more is to be read, whatever the server still sends. */
  get cut(): 'stop' | 'length' | undefined {
    if (this.#text.isOver) return 'stop';
    return this.#leftCharacters <= 0 ? 'length' : undefined;
  }

  /** True if the reply contained a closing tag of reasoning without an opening one. */
  get endedUnopened(): boolean {
    return this.#text.endedUnopened;
  }

  /** Takes a chunk. Returns its text, '' if there is none yet, or undefined if nothing in the chunk belongs to the reply. */
  push(chunk: ChatChunk): string | undefined {
    const called = this.#calls?.push(chunk) ?? 0;
    this.#leftCharacters -= called;
    const written = chunk.text !== '' || this.#isWritten ? chunk.text : chunk.wholeText;
    if (written === '' && called === 0) return undefined;
    this.#hasBegun = true;
    if (written === '') return '';
    this.#isWritten = true;
    const text = this.#text.push(written.slice(0, Math.max(0, this.#leftCharacters)));
    this.#leftCharacters -= written.length;
    return text;
  }

  /** Ends the text and returns the part that was held back. */
  endText(): string {
    return this.#text.end();
  }

  /** The tool calls, or undefined if they are not complete. `isCutOff`: the reply did not come to its own end. */
  toolCalls(isCutOff: boolean): readonly LlmToolCall[] | undefined {
    return this.#calls ? this.#calls.end(isCutOff) : [];
  }
}
