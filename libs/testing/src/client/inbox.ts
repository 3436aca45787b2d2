import type { ServerMessage } from '@parley/protocol';
import type { Speech } from './speech';

export type MessageType = ServerMessage['type'];
export type MessageOf<Type extends MessageType> = Extract<ServerMessage, { type: Type }>;

/** Something received from the server, with the time of arrival (`performance.now()`). */
export type Arrival = { readonly atMs: number } & (
  { readonly kind: 'message'; readonly message: ServerMessage } | { readonly kind: 'speech'; readonly speech: Speech }
);
export type MessageArrival<Type extends MessageType> = { readonly atMs: number; readonly message: MessageOf<Type> };

/** A little less than a test's time-out, so that the failure still says what was waited for. */
export const DEFAULT_TIMEOUT_MS = 50_000;
const SHOWN_ARRIVALS = 40;
/** Long enough for all messages except speech in base64. */
const SHOWN_CHARACTERS = 500;

/** Everything that one client has received, in order, with methods to wait for more. */
export class Inbox {
  readonly arrivals: Arrival[] = [];
  private readonly waiters = new Set<() => void>();
  private endedBy: string | undefined;

  add(arrival: Arrival): void {
    this.arrivals.push(arrival);
    this.wake();
  }

  /** Nothing more will come: all waiting promises reject with the reason. */
  end(reason: string): void {
    this.endedBy = reason;
    this.wake();
  }

  arrivalsOf<Type extends MessageType>(type: Type): MessageArrival<Type>[] {
    return this.arrivals.flatMap((arrival) =>
      arrival.kind === 'message' && isOfType(arrival.message, type) ? [{ atMs: arrival.atMs, message: arrival.message }] : [],
    );
  }

  messages<Type extends MessageType>(type: Type): MessageOf<Type>[] {
    return this.arrivalsOf(type).map(({ message }) => message);
  }

  speechOf(turn: number): Speech[] {
    return this.arrivals.flatMap((arrival) => (arrival.kind === 'speech' && arrival.speech.turn === turn ? [arrival.speech] : []));
  }

  /** When the first piece of a turn's speech came. */
  firstSpeechAtMs(turn: number): number | undefined {
    return this.arrivals.find((arrival) => arrival.kind === 'speech' && arrival.speech.turn === turn)?.atMs;
  }

  /** The states so far, each with its turn, such as `USER_SPEAKING 1`. */
  get states(): string[] {
    return this.messages('state').map(({ state, turn }) => `${state} ${turn}`);
  }

  /** The pieces of a turn's reply, joined. */
  replyText(turn: number): string {
    return this.messages('text_response')
      .filter((piece) => piece.turn === turn)
      .map(({ text }) => text)
      .join('');
  }

  finalTranscript(turn: number): string | undefined {
    return this.messages('transcript').find((transcript) => transcript.turn === turn && transcript.is_final)?.text;
  }

  /** Resolves with the first result of `pick` that is not undefined; `pick` is called now and after every arrival. */
  waitFor<T>(what: string, pick: () => T | undefined, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.waiters.delete(check);
        finish();
      };
      const fail = (why: string): void => settle(() => reject(new Error(`waited for ${what}, but ${why}. Received:\n${this.summary()}`)));
      const check = (): void => {
        const picked = pick();
        if (picked !== undefined) settle(() => resolve(picked));
        else if (this.endedBy !== undefined) fail(this.endedBy);
      };
      const timer = setTimeout(() => fail(`it did not come within ${timeoutMs} ms`), timeoutMs);
      this.waiters.add(check);
      check();
    });
  }

  /** Resolves with the first message of the type that `matches` accepts, whether it has come already or is still to come. */
  waitForMessage<Type extends MessageType>(
    type: Type,
    matches: (message: MessageOf<Type>) => boolean = () => true,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): Promise<MessageArrival<Type>> {
    return this.waitFor(`a ${type}`, () => this.arrivalsOf(type).find(({ message }) => matches(message)), timeoutMs);
  }

  waitForState(state: MessageOf<'state'>['state'], turn: number, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<MessageArrival<'state'>> {
    return this.waitFor(
      `${state} of turn ${turn}`,
      () => this.arrivalsOf('state').find(({ message }) => message.state === state && message.turn === turn),
      timeoutMs,
    );
  }

  /** The latest arrivals, one per line, so that a failure can be understood from the log alone. */
  summary(): string {
    return this.arrivals.slice(-SHOWN_ARRIVALS).map(describe).join('\n');
  }

  private wake(): void {
    for (const check of [...this.waiters]) check();
  }
}

const isOfType = <Type extends MessageType>(message: ServerMessage, type: Type): message is MessageOf<Type> => message.type === type;

function describe(arrival: Arrival): string {
  const at = `  ${arrival.atMs.toFixed(0)} ms `;
  if (arrival.kind === 'message') return `${at}${JSON.stringify(arrival.message).slice(0, SHOWN_CHARACTERS)}`;
  const { turn, seq, last, pcm } = arrival.speech;
  return `${at}speech of turn ${turn}, seq ${seq}, ${pcm.length} bytes${last ? ', last' : ''}`;
}
