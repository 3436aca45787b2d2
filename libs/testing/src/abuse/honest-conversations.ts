import { ConversationClient } from '../client/conversation-client';
import { fixture } from '../client/fixtures';
import { poll, sleep } from '../client/sleep';

export interface HonestFigures {
  /** From sending a typed question to the first sound of its answer, in ms. */
  readonly typedMs: readonly number[];
  /** From the last word of a spoken question to the first sound of its answer, in ms; includes the silence that ends a turn. */
  readonly spokenMs: readonly number[];
}

export interface HonestOptions {
  readonly server: { readonly url: string };
  /** Conversations at the same time. */
  readonly conversations: number;
  /** Whether every other one speaks, in real time, instead of typing. Recognition is late where a machine is busy with other things. */
  readonly speak: boolean;
}

const PLAYBACK_SPEED = 10;
const PAUSE_MS = 250;
const QUESTION = 'what is seven plus five';
const SPOKEN = 'clean-sum.wav';
const SAMPLES_PER_MS = 16;

/** Conversations of well-behaved clients, which go on beside whatever others do to the server. */
export class HonestConversations {
  private readonly typedMs: number[] = [];
  private readonly spokenMs: number[] = [];
  private isOver = false;

  private readonly running: Promise<unknown>;

  private constructor(
    private readonly clients: readonly ConversationClient[],
    speak: boolean,
  ) {
    this.running = Promise.all(clients.map((client, index) => (speak && index % 2 === 1 ? this.speak(client) : this.type(client))));
    // Reported by `end`.
    this.running.catch(() => undefined);
  }

  /** Resolves when all of them have started. */
  static async start({ server, conversations, speak }: HonestOptions): Promise<HonestConversations> {
    const clients = await Promise.all(
      Array.from({ length: conversations }, () => ConversationClient.connect(server.url, { playbackSpeed: PLAYBACK_SPEED })),
    );
    await Promise.all(clients.map((client) => client.start()));
    return new HonestConversations(clients, speak);
  }

  /** The figures since the last call. */
  takeFigures(): HonestFigures {
    return { typedMs: this.typedMs.splice(0), spokenMs: this.spokenMs.splice(0) };
  }

  /** Lets each finish its turn and says goodbye. Rejects when one was lost, had a turn without an answer or was told of an error. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.running;
    await Promise.all(this.clients.map((client) => client.close()));
  }

  /** Resolves when that many more turns have been answered since the last `takeFigures`; rejects when a conversation is lost. */
  async answered(turns: number, timeoutMs: number): Promise<void> {
    const done = poll(
      `${turns} answers`,
      async () => this.typedMs.length + this.spokenMs.length,
      (some) => some >= turns,
      timeoutMs,
    );
    await Promise.race([done, this.running.then(() => done)]);
  }

  private async type(client: ConversationClient): Promise<void> {
    while (!this.isOver) {
      const { turn } = client;
      const askedAtMs = performance.now();
      await client.ask(QUESTION);
      this.typedMs.push(firstSoundAtMs(client, turn) - askedAtMs);
      await sleep(PAUSE_MS);
    }
  }

  private async speak(client: ConversationClient): Promise<void> {
    const { pcm, speech } = fixture(SPOKEN);
    const endOfSpeechMs = Math.max(...speech.map(({ endMs }) => endMs));
    const spoken = pcm.slice(0, endOfSpeechMs * SAMPLES_PER_MS);
    while (!this.isOver) {
      const { turn } = client;
      const fromMs = await client.microphone.say(spoken);
      await client.answerOf(turn);
      this.spokenMs.push(firstSoundAtMs(client, turn) - fromMs - endOfSpeechMs);
      await sleep(PAUSE_MS);
    }
  }
}

/** Throws when the turn has no sound, or when there was an error. */
function firstSoundAtMs(client: ConversationClient, turn: number): number {
  const [error] = client.inbox.messages('error');
  const atMs = client.inbox.firstSpeechAtMs(turn);
  if (error || atMs === undefined) throw new Error(`turn ${turn} went wrong: ${JSON.stringify(error)}\n${client.inbox.summary()}`);
  return atMs;
}
