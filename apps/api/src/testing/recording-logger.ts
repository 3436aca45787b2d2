import { Logger, type LoggerService } from '@nestjs/common';

/** Keeps what is logged instead of printing it. */
export class RecordingLogger implements LoggerService {
  readonly lines: { level: string; line: unknown; rest: unknown[] }[] = [];

  /** Takes the place of Nest's logger; until `restore`. */
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

  /** Warnings and errors. */
  get faults(): unknown[] {
    return this.lines.filter(({ level }) => level === 'warn' || level === 'error');
  }

  /** All of it as text, to look for what must not be in it. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  private keep(level: string): (line: unknown, ...rest: unknown[]) => void {
    return (line, ...rest) => void this.lines.push({ level, line, rest });
  }
}
