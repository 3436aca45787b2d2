import type { ElevenLabsFault } from '../faults/fault';
import { IdleTimer } from '../server/idle-timer';
import type { SocketFailure, SocketLink } from '../server/socket-link';
import { type ClientMessage, parseClientMessage } from './client-message';
import { socketFailure } from './elevenlabs-errors';
import type { SocketAccess } from './socket-access';

/** What arrives on a speech socket: read, admitted and paid for, within the time that the client may be silent. Ended by its owner. */
export class SpeechSocketInput {
  readonly #idle: IdleTimer;
  #ended = false;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly access: SocketAccess,
    inactivityMs: number,
  ) {
    this.#idle = new IdleTimer(inactivityMs, () => this.fail(socketFailure('input_timeout_exceeded', 'No new text was received in time.')));
  }

  /** The message; undefined for one that has ended the connection, or came after its end. */
  read(text: string): ClientMessage | undefined {
    if (this.#ended) return undefined;
    const message = parseClientMessage(text);
    if ('frame' in message) return void this.fail(message);
    const refused = this.access.admit(message.key);
    if (refused) return void this.fail(refused);
    this.#idle.restart();
    return message;
  }

  refuseBinary(): void {
    this.fail(socketFailure('invalid_input_message', 'Messages must be JSON text.'));
  }

  /** Whether the text may be voiced; if not, the connection has ended. */
  isPaid(text: string): boolean {
    const unpaid = text.trim() === '' ? undefined : this.access.onGenerate();
    if (unpaid) this.fail(unpaid);
    return !unpaid;
  }

  /** A voice could not be made. */
  speechFailed(): void {
    this.fail(socketFailure('internal_error', 'Speech generation failed.', 1011));
  }

  /** Sends the vendor's error and closes. */
  fail(failure: SocketFailure): void {
    this.end();
    this.link.fail(failure);
  }

  /** Nothing is read any more. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#idle.stop();
  }
}
