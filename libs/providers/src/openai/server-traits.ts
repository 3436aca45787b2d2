import type { ProviderLogger } from '../ports/provider-logger';
import { PLAIN_DIALECT, type ServerDialect } from './server-dialect';

/** So many replies in a row without a finish reason, and none with one, are how a server is made and no accident. */
const OPEN_ENDS = 2;

/** What has been learnt of one server from its answers. One for an adapter; all conversations add to it. */
export class ServerTraits {
  #dialect = PLAIN_DIALECT;
  #startsInThought: string | undefined;
  #hasFinished = false;
  #openEnds = 0;

  constructor(private readonly logger: ProviderLogger) {}

  /** How it is asked. */
  get dialect(): ServerDialect {
    return this.#dialect;
  }

  /** It has answered when it was asked like that: from now on it always is. */
  answered(dialect: ServerDialect): void {
    if (dialect === this.#dialect) return;
    this.#dialect = dialect;
    const { without, ...others } = dialect;
    this.logger.warn('the server does not take all of the protocol', { without: [...without].join(','), ...others });
  }

  /** Whether it leaves out the mark that opens the thoughts of this model. */
  startsInThought(model: string): boolean {
    return this.#startsInThought === model;
  }

  /** A reply was whole, by its own word. */
  finished(): void {
    this.#hasFinished = true;
  }

  /** The end of a thought was there without its beginning, or was not. */
  thought(model: string, endedUnopened: boolean): void {
    if (endedUnopened) this.#startsInThought = model;
    else if (this.#startsInThought === model) this.#startsInThought = undefined;
  }

  /** A reply ended in good order but without a word that it is whole: whether it is to be taken for whole, as this server never says so. */
  endedOpen(): boolean {
    this.#openEnds += 1;
    return !this.#hasFinished && this.#openEnds >= OPEN_ENDS;
  }
}
