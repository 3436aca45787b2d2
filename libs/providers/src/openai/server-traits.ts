import type { ProviderLogger } from '../ports/provider-logger';
import { PLAIN_DIALECT, type ServerDialect } from './server-dialect';

/** After this many replies in a row without a finish reason, and none with one, the server is assumed never to send it. */
const OPEN_ENDS = 2;

/** What has been learnt about one server from its answers. There is one instance for each adapter, which all conversations share. */
export class ServerTraits {
  #dialect = PLAIN_DIALECT;
  #startsInThought: string | undefined;
  #hasFinished = false;
  #openEnds = 0;

  constructor(private readonly logger: ProviderLogger) {}

  /** The dialect in which the server is asked. */
  get dialect(): ServerDialect {
    return this.#dialect;
  }

  /** Records that the server answered a request in this dialect, which is used from now on. */
  answered(dialect: ServerDialect): void {
    if (dialect === this.#dialect) return;
    this.#dialect = dialect;
    const { without, ...others } = dialect;
    this.logger.warn('the server does not take all of the protocol', { without: [...without].join(','), ...others });
  }

  /** Whether the server leaves out the tag that opens the reasoning of this model. */
  startsInThought(model: string): boolean {
    return this.#startsInThought === model;
  }

  /** Records that the server marked the end of a reply. */
  finished(): void {
    this.#hasFinished = true;
  }

  /** Records whether a reply contained a closing tag of reasoning without an opening one. */
  thought(model: string, endedUnopened: boolean): void {
    if (endedUnopened) this.#startsInThought = model;
    else if (this.#startsInThought === model) this.#startsInThought = undefined;
  }

  /**
   * Records that a reply ended normally but without an end marker. Returns true if it counts as complete because this server never marks
   * the end.
   */
  endedOpen(): boolean {
    this.#openEnds += 1;
    return !this.#hasFinished && this.#openEnds >= OPEN_ENDS;
  }
}
