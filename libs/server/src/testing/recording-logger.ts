import { Logger, type LoggerService } from '@nestjs/common';

/** Keeps the log lines instead of printing them. */
export class RecordingLogger implements LoggerService {
  readonly lines: { level: string; line: unknown; rest: unknown[] }[] = [];

  /** Replaces Nest's logger until `restore` is called. */
  static install(): RecordingLogger {
    const logger = new RecordingLogger();
    Logger.overrideLogger(logger);
    return logger;
  }

  restore(): void {
    Logger.overrideLogger(true);
  }

  log = this.keep('log');
  warn = this.keep('warn');
  error = this.keep('error');
  debug = this.keep('debug');

  /** The warnings and errors. */
  get faults(): unknown[] {
    return this.lines.filter(({ level }) => level === 'warn' || level === 'error');
  }

  /** All lines as one text, to check that something does not occur in it. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  private keep(level: string): (line: unknown, ...rest: unknown[]) => void {
    return (line, ...rest) => void this.lines.push({ level, line, rest });
  }
}
