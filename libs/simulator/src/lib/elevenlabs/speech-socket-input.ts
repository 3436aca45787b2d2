import type { ElevenLabsFault } from '../faults/fault';
import { IdleTimer } from '../server/idle-timer';
import type { SocketFailure, SocketLink } from '../server/socket-link';
import { socketFailure } from './elevenlabs-errors';
import type { SocketAccess } from './socket-access';

/** Reads a speech socket's messages and checks the API key, the quota and the inactivity time-out. The owner must end it. */
export class SpeechSocketInput<M extends { key: string | undefined }> {
  readonly #idle: IdleTimer | undefined;
  #ended = false;
  #finished = false;

  /** `inactivityMs`: undefined when the socket itself has no time-out. */
  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly access: SocketAccess,
    private readonly parse: (text: string) => M | SocketFailure,
    inactivityMs: number | undefined,
  ) {
    this.#idle = inactivityMs === undefined ? undefined : new IdleTimer(inactivityMs, () => this.timeOut());
  }

  /** The parsed message; undefined if it ended the connection or came after the end. */
  read(text: string): M | undefined {
    if (this.#finished) return void this.fail(socketFailure('invalid_input_message', 'No message is taken after the end of the text.'));
    if (this.#ended) return undefined;
    const message = this.parse(text);
    if (isFailure(message)) return void this.fail(message);
    const refused = this.access.admit(message.key);
    if (refused) return void this.fail(refused);
    this.#idle?.restart();
    return message;
  }

  refuseBinary(): void {
    this.fail(socketFailure('invalid_input_message', 'Messages must be JSON text.'));
  }

  /** Whether the quota allows the text to be voiced; if not, this ends the connection. */
  isPaid(text: string): boolean {
    const unpaid = text.trim() === '' ? undefined : this.access.onGenerate();
    if (unpaid) this.fail(unpaid);
    return !unpaid;
  }

  /** Ends the connection because nothing was received for too long. */
  timeOut(): void {
    this.fail(socketFailure('input_timeout_exceeded', 'No new text was received in time.'));
  }

  /** Ends the connection because synthesis failed. */
  speechFailed(): void {
    this.fail(socketFailure('internal_error', 'Speech generation failed.', 1011));
  }

  /** Sends the vendor's error and closes. */
  fail(failure: SocketFailure): void {
    this.#finished = false;
    this.end();
    this.link.fail(failure);
  }

  /** The client has sent its last message; another one ends the connection. */
  finish(): void {
    this.end();
    this.#finished = true;
  }

  /** Stops reading. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#idle?.stop();
  }
}

const isFailure = (message: object): message is SocketFailure => 'frame' in message;
