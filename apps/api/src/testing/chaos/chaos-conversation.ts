import { ConversationClient, durationMsOf, violationsIn } from '@parley/testing/client';
import { eventually } from '@parley/testing';
import { LEVEL } from '@parley/engine/testing';
import { ANSWER, type ChaosServer, HEARD } from './chaos-server';

/** The outcome of a turn, as its client received it. */
export interface Turn {
  readonly number: number;
  readonly transcript: string | undefined;
  readonly text: string;
  readonly speechMs: number;
  /** The `code` of every error since the turn began, marked if the error is fatal. */
  readonly errors: readonly string[];
}

const SAMPLES_PER_MS = 16;
const OUTPUT_RATE_HZ = 24_000;
const PLAYBACK_SPEED = 400;
/** The time limit for a turn, including all retries. */
const TURN_BOUND_MS = 15_000;
const SENTENCE_MS = 1_000;
/** Longer than the silence that ends a turn. */
const TURN_END_SILENCE_MS = 1_000;
/** How long the assistant's voice takes to speak a text. */
export const spokenMs = (text: string): number => (text.length * 1_000) / 15;
export const SPOKEN_MS = spokenMs(ANSWER);

const pcm = (level: number, durationMs: number): Int16Array => new Int16Array(durationMs * SAMPLES_PER_MS).fill(level);

/**
 * A conversation whose audio is sent as fast as the socket accepts it. That works because the server measures silence in the audio, not in
 * time.
 */
export class ChaosConversation {
  private errorsBefore = 0;
  private spokenSoFarMs = 0;

  private constructor(
    readonly client: ConversationClient,
    private readonly server: ChaosServer,
  ) {}

  /**
   * Starts a conversation, waits until its sockets are open, and calls `use`. Rejects when it violates the protocol or is not released
   * afterwards.
   */
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

  /** Sends speech, and resolves when the server has processed it. */
  async speak(durationMs: number): Promise<void> {
    this.spokenSoFarMs += durationMs;
    this.client.sendAudioAtOnce(pcm(LEVEL.speech, durationMs));
    await this.client.settled();
  }

  /** Sends silence, and resolves when the server has processed it. */
  async staySilent(durationMs: number): Promise<void> {
    this.client.sendAudioAtOnce(pcm(LEVEL.silence, durationMs));
    await this.client.settled();
  }

  /** Sends the rest of the sentence, and the silence that ends the turn. */
  finishSentence(): void {
    this.client.sendAudioAtOnce(pcm(LEVEL.speech, Math.max(0, SENTENCE_MS - this.spokenSoFarMs)));
    this.client.sendAudioAtOnce(pcm(LEVEL.silence, TURN_END_SILENCE_MS));
  }

  /** Starts a new turn, and returns its number. Errors of earlier turns do not count for it. */
  beginTurn(): number {
    this.errorsBefore = this.client.inbox.messages('error').length;
    this.spokenSoFarMs = 0;
    return this.client.turn;
  }

  /** Resolves when the turn is over, the server listens again, and it has no stream open and only the timer of the conversation set. */
  async outcomeOf(number: number): Promise<Turn> {
    const { inbox } = this.client;
    await inbox.waitForState('USER_SPEAKING', number + 1, TURN_BOUND_MS);
    await this.client.settled();
    await eventually(
      () => this.server.resources.streams === 0 && this.server.resources.timers === 1,
      'the streams and timers of the turn to be released',
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

  /** Holds a turn without a fault, and checks its answer. */
  async healthyTurn(): Promise<void> {
    const number = this.beginTurn();
    this.finishSentence();
    expectWholeAnswer(await this.outcomeOf(number));
  }
}

/** Expects that the user was understood, that the answer was written and spoken exactly once, and that no error was reported. */
export function expectWholeAnswer(turn: Turn): void {
  expect(turn).toEqual({ number: turn.number, transcript: HEARD_AS, text: ANSWER, speechMs: expect.any(Number), errors: [] });
  expectSpokenOnce(turn);
}

/** Expects that the answer was neither cut short nor repeated. The length may differ a little, because sentences are synthesised separately. */
export function expectSpokenOnce({ speechMs }: Turn): void {
  expect(speechMs).toBeGreaterThan(SPOKEN_MS * 0.9);
  expect(speechMs).toBeLessThan(SPOKEN_MS * 1.15);
}

/** The recogniser starts its transcripts with a capital letter and ends them with a full stop. */
const HEARD_AS = expect.stringMatching(new RegExp(`^${HEARD}.?$`, 'i'));
