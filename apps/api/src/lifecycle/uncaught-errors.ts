import { describeError } from '@parley/engine';
import { Counter, type Registry } from 'prom-client';
import type { ServedConnection } from '../transports/websocket/work-for';

export interface UncaughtErrorsOptions {
  registry: Registry;
  log: (line: { message: string; conversationId?: string; error: string }) => void;
  /** The connection for which the code was working that has failed; undefined if that is not known. */
  served: () => ServedConnection | undefined;
  /** Nobody knows what the error has left behind: the process is to end, so that another one takes its place. */
  onFatal: () => void;
}

/**
 * What happens with errors that no code has caught, and with rejections that nobody handles: they are counted and logged, and end the one
 * conversation that they belong to. If none is known, they end the process.
 */
export class UncaughtErrors {
  private readonly counter: Counter<'ended'>;

  constructor(private readonly options: UncaughtErrorsOptions) {
    this.counter = new Counter({
      name: 'parley_uncaught_errors_total',
      help: 'Errors that no code has caught, by what they ended: one conversation, or the process.',
      labelNames: ['ended'],
      registers: [options.registry],
    });
    for (const ended of ['conversation', 'process']) this.counter.inc({ ended }, 0);
  }

  /** Listener for `uncaughtException`, which Node also calls for rejections. */
  readonly take = (thrown: unknown): void => {
    const error = describeError(thrown);
    const connection = this.options.served();
    if (connection === undefined) return this.end('an uncaught error ends the process', error);
    this.counter.inc({ ended: 'conversation' });
    this.options.log({ message: 'an uncaught error has ended a conversation', conversationId: connection.id, error });
    try {
      connection.endAfterFault();
    } catch (failure) {
      this.end('a conversation could not be ended after an uncaught error, which ends the process', describeError(failure));
    }
  };

  private end(message: string, error: string): void {
    this.counter.inc({ ended: 'process' });
    this.options.log({ message, error });
    this.options.onFatal();
  }
}
