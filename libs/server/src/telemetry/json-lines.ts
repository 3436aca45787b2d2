import type { LogLevel } from '@nestjs/common';
import { plain } from './plain-fields';

/** One line of the log before it is written. */
export interface LogLine {
  level: LogLevel;
  /** The part of the program that wrote it. */
  context: string | undefined;
  /** A text, an error, or an object whose `message` is the text and whose other properties are the fields. */
  message: unknown;
  stack?: string | undefined;
  /** More fields than those of the message. */
  fields?: Readonly<Record<string, unknown>> | undefined;
}

export type WriteLine = (line: LogLine) => void;

/** The levels as collectors of logs know them. */
const LEVELS = { fatal: 'fatal', error: 'error', warn: 'warn', log: 'info', debug: 'debug', verbose: 'trace' } as const;

/** The properties that every line has; a field of the same name gets an underscore. */
const OWN = new Set(['level', 'time', 'pid', 'context', 'message']);

/**
 * Writes the log as JSON, one object a line: `level`, `time` (ISO 8601), `pid`, `context`, the fields of the line, and `message`. The library is
 * loaded only by this call. `hide` is applied to every text before it is written.
 */
export async function openJsonLines(hide: (text: string) => string): Promise<WriteLine> {
  const { pino } = await import('pino');
  const out = pino(
    {
      level: 'trace',
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void process.stdout.write(line) },
  );
  return ({ level, context, message, stack, fields }) => {
    const { text, fields: own } = parts(message);
    const line = { context, ...own, ...unreserved(fields), ...(stack !== undefined && { stack }) };
    out[LEVELS[level]](plain(line, hide), hide(text));
  };
}

/** The text of a line and its fields. */
function parts(message: unknown): { text: string; fields: Record<string, unknown> } {
  if (message instanceof Error) return { text: message.message, fields: { error: message } };
  if (typeof message !== 'object' || message === null) return { text: String(message), fields: {} };
  if (!('message' in message)) return { text: '', fields: { details: message } };
  const { message: text, ...rest } = message;
  return { text: String(text), fields: unreserved(rest) };
}

const unreserved = (fields: object = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [OWN.has(name) ? `${name}_` : name, value]));
