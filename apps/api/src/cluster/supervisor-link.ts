import type { Ending } from '../lifecycle/end-signals';
import { type FromProcess, isOurs, type MetricsSnapshot, type ToProcess } from './messages';

/** The part of `process` that is used; `send` is there in a process that was forked. */
export interface Channel {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  send?(message: FromProcess, handle?: undefined, options?: undefined, callback?: (error: Error | null) => void): unknown;
}

export interface SupervisorLinkOptions {
  channel: Channel;
  /** The metrics of this process. */
  collect: () => Promise<MetricsSnapshot>;
  /** Called when the supervisor ends this process, and only once. */
  onEnd: (ending: Ending) => void;
}

/** The supervisor asks the processes, which may take 2 s, and then adds up. */
const SUM_MS = 5_000;

/** The channel of a process to its supervisor. */
export class SupervisorLink {
  private readonly sums = new Map<number, (text: string) => void>();
  private nextSum = 1;
  private isEnding = false;

  constructor(private readonly options: SupervisorLinkOptions) {
    options.channel.on('message', (message) => {
      if (isOurs(message)) this.take(message as ToProcess);
    });
  }

  /** Says that this process takes connections. */
  ready(url: string): void {
    this.send({ parley: 'ready', url });
  }

  /** The metrics of all processes as Prometheus text. Rejects if the supervisor does not answer. */
  sum(): Promise<string> {
    const id = this.nextSum++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.sums.delete(id);
        reject(new Error(`the supervisor did not answer within ${SUM_MS} ms`));
      }, SUM_MS);
      this.sums.set(id, (text) => {
        clearTimeout(timer);
        this.sums.delete(id);
        resolve(text);
      });
      this.send({ parley: 'sum', id });
    });
  }

  private take(message: ToProcess): void {
    switch (message.parley) {
      case 'ping':
        return this.send({ parley: 'alive' });
      case 'collect':
        return void this.options.collect().then((metrics) => this.send({ parley: 'metrics', id: message.id, metrics }));
      case 'summed':
        return this.sums.get(message.id)?.(message.text);
      case 'end':
        if (!this.isEnding) this.options.onEnd(message.ending);
        this.isEnding = true;
    }
  }

  /** A supervisor that has ended takes this process with it. */
  private send(message: FromProcess): void {
    this.options.channel.send?.(message, undefined, undefined, () => undefined);
  }
}
