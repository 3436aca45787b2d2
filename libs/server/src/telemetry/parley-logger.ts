import { inspect } from 'node:util';
import { ConsoleLogger, type ConsoleLoggerOptions, type LogLevel } from '@nestjs/common';
import type { Secrets } from '../config/secrets';
import type { Settings } from '../config/settings';
import { openJsonLines, type WriteLine } from './json-lines';
import { LOG_LEVELS } from './log-levels';

/** The contexts of Nest's own lines at the start, which are of no use to whoever runs the server. */
const FRAMEWORK = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication', 'WebSocketsController']);

/** The context in which Nest reports a failed start. It is left out, because the program explains the failure itself in plain words. */
const START_FAILURE = 'ExceptionHandler';

/**
 * The server's log. A line is a constant message, followed by its fields as `name=value`, or one JSON object with both. Secrets are masked
 * wherever they occur in a line or in a stack. What users say must not be passed to it, except by `TranscriptLog`.
 */
export class ParleyLogger extends ConsoleLogger {
  /** Undefined while lines are written as text. */
  private writeJson: WriteLine | undefined;

  constructor(
    options: ConsoleLoggerOptions,
    private readonly secrets: Pick<Secrets, 'hide'>,
  ) {
    super(options);
  }

  /** Takes the level and the form that are configured. What is written before has neither: it is text of all levels. */
  async configure({ logLevel, telemetry }: Pick<Settings, 'logLevel' | 'telemetry'>): Promise<void> {
    this.setLogLevels(LOG_LEVELS[logLevel]);
    this.writeJson = telemetry.logFormat === 'json' ? await openJsonLines((text) => this.secrets.hide(text)) : undefined;
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context)) return;
    if (!this.asJson('log', message, rest)) super.log(flat(message), ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    if (!this.asJson('warn', message, rest)) super.warn(flat(message), ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === START_FAILURE) return;
    if (!this.asJson('error', message, rest)) super.error(flat(message), ...rest);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    if (!this.asJson('debug', message, rest)) super.debug(flat(message), ...rest);
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    if (!this.asJson('fatal', message, rest)) super.fatal(message, ...rest);
  }

  override verbose(message: unknown, ...rest: unknown[]): void {
    if (!this.asJson('verbose', message, rest)) super.verbose(message, ...rest);
  }

  /** Writes a line, and whatever follows its first message, as JSON. Returns false while lines are text. */
  private asJson(level: LogLevel, message: unknown, rest: readonly unknown[]): boolean {
    const { writeJson } = this;
    if (writeJson === undefined) return false;
    if (!this.isLevelEnabled(level)) return true;
    const all = [message, ...rest];
    const { context, messages, stack, params } = {
      stack: undefined,
      ...(level === 'error' || level === 'fatal' ? this.getContextAndStackAndMessagesToPrint(all) : this.getContextAndMessagesToPrint(all)),
    };
    for (const [index, line] of messages.entries()) {
      if (index === 0) writeJson({ level, context, message: line, stack, fields: params });
      else if (line !== undefined) writeJson({ level, context, message: line });
    }
    return true;
  }

  protected override formatMessage(...parts: Parameters<ConsoleLogger['formatMessage']>): string {
    return this.secrets.hide(super.formatMessage(...parts));
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(stack && this.secrets.hide(stack));
  }
}

function flat(line: unknown): unknown {
  if (typeof line !== 'object' || line === null || !('message' in line)) return line;
  const { message, ...fields } = line;
  const words = line instanceof Error ? (line.stack ?? message) : message;
  return [words, ...Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${written(value)}`))].join(' ');
}

function written(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return inspect(value, { breakLength: Infinity });
  }
}
