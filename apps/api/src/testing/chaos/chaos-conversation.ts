import { ConversationClient, durationMsOf, violationsIn } from '@parley/testing/client';
import { eventually } from '@parley/testing';
import { LEVEL } from '@parley/engine/testing';
import { ANSWER, type ChaosServer, HEARD } from './chaos-server';

/** How a turn went, as its client saw it. */
export interface Turn {
  readonly number: number;
  readonly transcript: string | undefined;
  readonly text: string;
  readonly speechMs: number;
  /** `code` of every error since the turn began. */
  readonly errors: readonly string[];
}

const SAMPLES_PER_MS = 16;
const OUTPUT_RATE_HZ = 24_000;
const PLAYBACK_SPEED = 400;
/** The longest that a turn may take, with everything that can go wrong in it: "bounded time". */
const TURN_BOUND_MS = 15_000;
const SENTENCE_MS = 1_000;
const TURN_END_SILENCE_MS = 1_000;
/** How long the assistant's voice takes to say something. */
export const spokenMs = (text: string): number => (text.length * 1_000) / 15;
export const SPOKEN_MS = spokenMs(ANSWER);

const pcm = (level: number, durationMs: number): Int16Array => new Int16Array(durationMs * SAMPLES_PER_MS).fill(level);

/** One client's conversation, whose user speaks as fast as the socket takes it: turns are ended by silence in the audio, not by time. */
export class ChaosConversation {
  private errorsBefore = 0;
  private spokenSoFarMs = 0;

  private constructor(
    readonly client: ConversationClient,
    private readonly server: ChaosServer,
  ) {}

  /** A conversation that listens, its sockets open, for the time of `use`. Afterwards nothing may be left of it. */
  static async run(server: ChaosServer, use: (conversation: ChaosConversation) => Promise<void>): Promise<void> {
    const client = await ConversationClient.connect(server.url, { playbackSpeed: PLAYBACK_SPEED });
    try {
      await client.start();
      await server.connected();
      await use(new ChaosConversation(client, server));
      const violations = violationsIn(client.inbox);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\nThe conversation:\n${client.inbox.summary()}`, {
        cause: error,
      });
    } finally {
      await client.close();
    }
    await server.allReleased();
  }

  /** The user begins to speak; returns when the server has heard it. */
  async speak(durationMs: number): Promise<void> {
    this.spokenSoFarMs += durationMs;
    this.client.sendAudioAtOnce(pcm(LEVEL.speech, durationMs));
    await this.client.settled();
  }

  async staySilent(durationMs: number): Promise<void> {
    this.client.sendAudioAtOnce(pcm(LEVEL.silence, durationMs));
    await this.client.settled();
  }

  /** What is left of a sentence, and the silence that ends the turn. */
  finishSentence(): void {
    this.client.sendAudioAtOnce(pcm(LEVEL.speech, Math.max(0, SENTENCE_MS - this.spokenSoFarMs)));
    this.client.sendAudioAtOnce(pcm(LEVEL.silence, TURN_END_SILENCE_MS));
  }

  /** A new turn is judged by itself. Returns its number. */
  beginTurn(): number {
    this.errorsBefore = this.client.inbox.messages('error').length;
    this.spokenSoFarMs = 0;
    return this.client.turn;
  }

  /** Resolves when the turn is over and the server listens again, holding nothing but the timer of a conversation. */
  async outcomeOf(number: number): Promise<Turn> {
    const { inbox } = this.client;
    await inbox.waitForState('USER_SPEAKING', number + 1, TURN_BOUND_MS);
    await this.client.settled();
    await eventually(
      () => this.server.resources.streams === 0 && this.server.resources.timers === 1,
      'the streams and timers of a turn to go',
    );
    return {
      number,
      transcript: inbox.finalTranscript(number),
      text: inbox.replyText(number),
      speechMs: durationMsOf(inbox.speechOf(number), OUTPUT_RATE_HZ),
      errors: inbox
        .messages('error')
        .slice(this.errorsBefore)
        .map(({ code, fatal }) => (fatal ? `${code}, fatal` : code)),
    };
  }

  /** A whole turn of which nothing is asked but that it goes well. */
  async healthyTurn(): Promise<void> {
    const number = this.beginTurn();
    this.finishSentence();
    expectWholeAnswer(await this.outcomeOf(number));
  }
}

/** The answer as it should be: heard, written and spoken once, nothing said of any trouble. */
export function expectWholeAnswer(turn: Turn): void {
  expect(turn).toEqual({ number: turn.number, transcript: HEARD_AS, text: ANSWER, speechMs: expect.any(Number), errors: [] });
  expectSpokenOnce(turn);
}

/** Neither cut short nor said twice. Sentences are voiced one by one, each with a little silence where it was cut off in its middle. */
export function expectSpokenOnce({ speechMs }: Turn): void {
  expect(speechMs).toBeGreaterThan(SPOKEN_MS * 0.9);
  expect(speechMs).toBeLessThan(SPOKEN_MS * 1.15);
}

/** The recogniser writes sentences. */
const HEARD_AS = expect.stringMatching(new RegExp(`^${HEARD}.?$`, 'i'));
