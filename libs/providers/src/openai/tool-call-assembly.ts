import { randomUUID } from 'node:crypto';
import type { LlmToolCall } from '../ports/language-model';
import type { ChatChunk, ToolCallPiece } from './chat-chunk';

/** No useful reply has as many. */
const MOST_CALLS = 64;

interface OpenCall extends LlmToolCall {
  index: number | undefined;
}

/**
 * Puts the tool calls of one reply together from their pieces. The vendor names the call of a piece by its index, and gives id and name in
 * its first piece. Compatible servers leave out the index or the id, repeat the name, give a new id with each piece, or send every call
 * whole and under index 0. Each reply needs its own instance.
 */
export class ToolCallAssembly {
  readonly #calls: OpenCall[] = [];
  #isFromPieces = false;

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** Takes the pieces of a chunk and returns how many characters they have. A whole message counts only if there were no pieces before. */
  push({ toolCalls, wholeToolCalls }: Pick<ChatChunk, 'toolCalls' | 'wholeToolCalls'>): number {
    this.#isFromPieces ||= toolCalls.length > 0;
    const pieces = this.#isFromPieces || !this.isEmpty ? toolCalls : wholeToolCalls;
    for (const piece of pieces) this.#add(piece);
    return pieces.reduce((sum, piece) => sum + piece.id.length + piece.name.length + piece.arguments.length, 0);
  }

  /**
   * Returns the calls in the order in which they began, or undefined if one is not complete or there are too many. `isCutOff` is true if the
   * reply did not come to its own end: then arguments that are not there are missing, and do not stand for none.
   */
  end(isCutOff: boolean): LlmToolCall[] | undefined {
    if (this.#calls.length > MOST_CALLS) return undefined;
    const calls = this.#calls.map(({ id, name, arguments: text }) => ({
      id: id === '' ? `call_${randomUUID()}` : id,
      name,
      arguments: text.trim() === '' && !isCutOff ? '{}' : text,
    }));
    return calls.every((call) => call.name !== '' && isJson(call.arguments)) ? calls : undefined;
  }

  #add(piece: ToolCallPiece): void {
    const call = this.#callOf(piece);
    if (call) {
      call.id ||= piece.id;
      call.name ||= piece.name;
      call.arguments += piece.arguments;
    } else if (this.#calls.length <= MOST_CALLS) {
      this.#calls.push({ ...piece });
    }
  }

  /** Returns the call that a piece continues, or undefined if it begins another one. */
  #callOf(piece: ToolCallPiece): OpenCall | undefined {
    const call =
      piece.index === undefined
        ? (this.#calls.find(({ id }) => id !== '' && id === piece.id) ?? this.#calls.at(-1))
        : this.#calls.findLast(({ index }) => index === piece.index);
    return call && !isAnother(call, piece) ? call : undefined;
  }
}

/** Whether a piece that has the place of this call begins another call. Only a piece with a name can. */
function isAnother(call: OpenCall, piece: ToolCallPiece): boolean {
  if (piece.name === '' || call.name === '') return false;
  const hasOtherId = call.id !== '' && piece.id !== '' && call.id !== piece.id;
  if (call.arguments.trim() === '') return hasOtherId || call.name !== piece.name;
  return isJson(call.arguments) && (hasOtherId || call.name !== piece.name || piece.arguments !== '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
