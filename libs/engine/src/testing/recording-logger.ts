import { type EngineLogger, SILENT_LOGGER } from '../ports';

type Fields = Readonly<Record<string, unknown>>;

/** A logger that keeps all lines. */
export class RecordingLogger implements EngineLogger {
  private static installed: RecordingLogger | undefined;

  readonly lines: { level: string; line: { message: string } & Fields }[] = [];

  /** Makes the conversations of the tests log to a new logger until `restore`. */
  static install(): RecordingLogger {
    RecordingLogger.installed = new RecordingLogger();
    return RecordingLogger.installed;
  }

  /** The installed logger, if there is one. */
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

  /** All lines as one text, for checking what must not be logged. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  private keep(level: string): (message: string, fields: Fields) => void {
    return (message, fields) => void this.lines.push({ level, line: { message, ...fields } });
  }
}
