import { ConsoleLogger } from '@nestjs/common';

/** Nest's own start-up lines: of interest to nobody who runs the server. */
const FRAMEWORK = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication', 'WebSocketsController']);

/** The server's log: a constant message, then its fields as `name=value`. Never what a user said, never a key. */
export class ParleyLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && FRAMEWORK.has(context)) return;
    super.log(flat(message), ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(flat(message), ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    super.error(flat(message), ...rest);
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    super.debug(flat(message), ...rest);
  }
}

function flat(line: unknown): unknown {
  if (typeof line !== 'object' || line === null || !('message' in line)) return line;
  const { message, ...fields } = line;
  return [message, ...Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)].join(' ');
}
