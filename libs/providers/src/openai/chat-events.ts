import { APIError } from 'openai';
import { asObject, type JsonObject } from '../shared/json';

/** One event of a chat stream, or `done` when the server marks the end of the reply. */
export type ChatEvent = JsonObject | 'done';

const DONE = '[DONE]';
const LONGEST_BODY = 4 * 1_048_576;

/**
 * Reads the answer to a chat request: server-sent events, or one JSON object from a server that does not stream. All kinds of line ends are
 * accepted. Comments, empty data, and data that is not an object are skipped. An event counts as complete when its data is complete JSON,
 * so the blank line after it may be missing. Throws `APIError` for an error that the server reports within the answer, `SyntaxError` for
 * invalid JSON, and the error of the body if that breaks off.
 */
export async function* chatEvents(response: Response): AsyncGenerator<ChatEvent, void> {
  if (!response.body) return;
  const lines = new LineReader();
  const decoder = new TextDecoder();
  let json: string | undefined;
  let isFirst = true;
  const data = new EventData(response.headers);
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const text = decoder.decode(bytes, { stream: true });
    if (isFirst && text.trim() !== '') {
      isFirst = false;
      if (text.trimStart().startsWith('{')) json = '';
    }
    if (json === undefined) {
      yield* data.read(lines.push(text));
      if (data.isDone) return;
    } else {
      json += text;
      if (json.length > LONGEST_BODY) throw new SyntaxError('the answer is too long');
    }
  }
  if (json === undefined) {
    yield* data.read([...lines.push(decoder.decode()), ...lines.end(), '']);
  } else {
    yield reported(asObject(JSON.parse(json)) ?? {}, false, response.headers);
    yield 'done';
  }
}

/** Splits text that arrives in pieces into lines. */
class LineReader {
  #rest = '';

  push(text: string): string[] {
    // A carriage return at the end may be the first half of a line end.
    const all = this.#rest + text;
    const whole = all.endsWith('\r') ? all.slice(0, -1) : all;
    const lines = whole.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + all.slice(whole.length);
    return lines;
  }

  end(): string[] {
    const rest = this.#rest.replace(/\r$/, '');
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

/** Joins the data lines of events. */
class EventData {
  isDone = false;
  #data = '';
  #isError = false;

  constructor(private readonly headers: Headers) {}

  *read(lines: readonly string[]): Generator<ChatEvent> {
    for (const line of lines) {
      if (line === '') this.#endEvent();
      else if (/^event:\s*error\s*$/.test(line)) this.#isError = true;
      else if (line.startsWith('data:')) yield* this.#add(line.slice('data:'.length).trim());
      if (this.isDone) return;
    }
  }

  *#add(data: string): Generator<ChatEvent> {
    if (data === '') return;
    if (data === DONE) {
      this.isDone = true;
      yield 'done';
      return;
    }
    this.#data += data;
    const value = parsed(this.#data);
    if (value === undefined) return;
    this.#data = '';
    const event = asObject(value);
    if (event) yield reported(event, this.#isError, this.headers);
  }

  #endEvent(): void {
    this.#isError = false;
    if (this.#data !== '') throw new SyntaxError('an event is not JSON');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the event, or throws if it is an error. Servers report errors in several ways, all with status 200. */
function reported(event: JsonObject, isNamedError: boolean, headers: Headers): JsonObject {
  const { error, object, detail, choices } = event;
  const isError = Boolean(error) || object === 'error' || isNamedError || (choices === undefined && detail !== undefined);
  if (!isError) return event;
  const body = asObject(error) ?? (typeof error === 'string' ? { message: error } : event);
  throw new APIError(undefined, body, undefined, headers);
}
