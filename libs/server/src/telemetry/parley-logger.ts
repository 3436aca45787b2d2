import { inspect } from 'node:util';
import { ConsoleLogger, type ConsoleLoggerOptions } from '@nestjs/common';
import type { Secrets } from '../config/secrets';

/** The contexts of Nest's own lines at the start, which are of no use to whoever runs the server. */
const FRAMEWORK = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication', 'WebSocketsController']);

/** The context in which Nest reports a failed start. It is left out, because the program explains the failure itself in plain words. */
const START_FAILURE = 'ExceptionHandler';

/**
 * The server's log. A line is a constant message, followed by its fields as `name=value`. Secrets are masked wherever they occur in a line or in
 * a stack. What users say must not be passed to it.
 */
export class ParleyLogger extends ConsoleLogger {
  constructor(
    options: ConsoleLoggerOptions,
    private readonly secrets: Pick<Secrets, 'hide'>,
  ) {
    super(options);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context)) return;
    super.log(flat(message), ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(flat(message), ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === START_FAILURE) return;
    super.error(flat(message), ...rest);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    super.debug(flat(message), ...rest);
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
