import { type EngineLogger, SILENT_LOGGER } from '../ports';

type Fields = Readonly<Record<string, unknown>>;

/** Keeps what engines log. */
export class RecordingLogger implements EngineLogger {
  private static installed: RecordingLogger | undefined;

  readonly lines: { level: string; line: { message: string } & Fields }[] = [];

  /** The conversations of the tests log to it from now on; until `restore`. */
  static install(): RecordingLogger {
    RecordingLogger.installed = new RecordingLogger();
    return RecordingLogger.installed;
  }

  /** The one that is installed, if there is one. */
  static get current(): EngineLogger {
    return RecordingLogger.installed ?? SILENT_LOGGER;
  }

  restore(): void {
    RecordingLogger.installed = undefined;
  }

  debug = this.keep('debug');
  warn = this.keep('warn');
  error = this.keep('error');

  /** Warnings and errors. */
  get faults(): unknown[] {
    return this.lines.filter(({ level }) => level === 'warn' || level === 'error');
  }

  /** All of it as text, to look for what must not be in it. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  private keep(level: string): (message: string, fields: Fields) => void {
    return (message, fields) => void this.lines.push({ level, line: { message, ...fields } });
  }
}
