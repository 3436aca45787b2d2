import { type JsonObject, parseJsonObject } from '../../shared/json';
import { LineAssembler } from '../../socket/line-assembler';

/** Reads newline-separated JSON objects from a body. Yields undefined for a line that is no object. Empty lines are left out. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject | undefined, void> {
  const gatherer = new LineAssembler();
  const decoder = new TextDecoder();
  for await (const bytes of body) yield* objectsIn(decoder.decode(gatherer.push(bytes)));
  yield* objectsIn(decoder.decode(gatherer.rest()));
}

function* objectsIn(lines: string): Generator<JsonObject | undefined, void> {
  for (const line of lines.split(/\r?\n|\r/)) if (line.trim() !== '') yield parseJsonObject(line);
}
