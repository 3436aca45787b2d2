import { subscribe } from 'node:diagnostics_channel';

/** The logger of the media package, and what each of its lines is made with. */
interface LoggedLine {
  instance?: { [key: symbol]: unknown; bindings?: () => { name?: unknown } };
}

const PACKAGE_LOGGER = 'lk-rtc';
const WARN = 40;

/**
 * The media package writes JSON lines to the standard output, from a logger of its own that it does not hand out. The library behind that logger
 * announces every line before it is written, so its destination is replaced at the first one: warnings go to `onWarning`, and the rest nowhere.
 */
export function routeMediaLog(onWarning: (text: string | undefined) => void): void {
  subscribe('tracing:pino_asJson:start', (message) => {
    const { instance } = message as LoggedLine;
    if (instance?.bindings?.().name !== PACKAGE_LOGGER) return;
    const destination = Object.getOwnPropertySymbols(instance).find(({ description }) => description === 'pino.stream');
    if (destination) instance[destination] = { write: (line: string) => report(line, onWarning) };
  });
}

function report(line: string, onWarning: (text: string | undefined) => void): void {
  const { level, msg } = JSON.parse(line) as { level?: number; msg?: string };
  if ((level ?? 0) >= WARN) onWarning(msg);
}
