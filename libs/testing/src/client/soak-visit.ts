import { ConversationClient } from './conversation-client';
import { pickRandom } from './random-choice';
import { quietRoom, silence } from './fixtures';
import { violationsIn } from './protocol-rules';

/** How visits end, and what happened in them, counted. */
export type SoakTally = Record<string, number>;

export interface SoakVisitOptions {
  readonly url: string;
  readonly random: () => number;
  /** Recordings of somebody speaking, 16 kHz. */
  readonly speech: readonly Int16Array[];
  readonly tally: SoakTally;
  /** The time (`performance.now()`) from which no further turn is begun. */
  readonly endsAtMs: number;
}

const MOST_TURNS = 6;
const PLAYBACK_SPEED = 15;
const ANSWER_TIMEOUT_MS = 30_000;
const CHUNK_SAMPLES = 16 * 200;
const TURN_END_SILENCE_MS = 1_200;

type Act = (client: ConversationClient, options: SoakVisitOptions) => Promise<void>;

const typed: Act = async (client) => {
  await client.ask('what is seven plus five');
};

/** Speaks faster than real time: a turn is ended by the silence in the audio, not by time. */
const spoken: Act = async (client, { random, speech }) => {
  const { turn } = client;
  client.sendAudioAtOnce(pickRandom(speech, random));
  client.sendAudioAtOnce(silence(TURN_END_SILENCE_MS));
  await client.answerOf(turn, ANSWER_TIMEOUT_MS);
};

const withNoise: Act = async (client) => {
  client.sendAudioAtOnce(quietRoom(1_000));
  await client.settled();
};

const stopped: Act = async (client, { random }) => {
  await listening(client, random);
  const { turn } = client;
  client.send({ type: 'interrupt' });
  await client.inbox.waitForState('USER_SPEAKING', turn + 1, ANSWER_TIMEOUT_MS);
};

/** Speaks over the assistant until it stops, and waits for the answer. */
const talkedOver: Act = async (client, { random, speech }) => {
  await listening(client, random);
  const { turn } = client;
  await interruptBySpeech(client, pickRandom(speech, random), turn);
  client.sendAudioAtOnce(silence(TURN_END_SILENCE_MS));
  await client.inbox.waitForState('AI_PROCESSING', turn + 1, ANSWER_TIMEOUT_MS);
  await client.answerOf(turn + 1, ANSWER_TIMEOUT_MS);
};

const ACTS = { typed, spoken, withNoise, stopped, talkedOver } as const;
/** Actions that are listed several times happen more often. */
const ACT_NAMES = ['typed', 'spoken', 'spoken', 'withNoise', 'stopped', 'talkedOver'] as const satisfies readonly (keyof typeof ACTS)[];
const ENDINGS = ['said goodbye', 'closed the tab', 'was torn', 'was torn in a sentence', 'was torn in a reply'] as const;

/**
 * One visit of a client: it connects, takes a few random kinds of turns, and leaves in a random way. Rejects when the server breaks its
 * protocol.
 */
export async function soakVisit(options: SoakVisitOptions): Promise<void> {
  const { url, random, tally, endsAtMs } = options;
  const client = await ConversationClient.connect(url, { playbackSpeed: PLAYBACK_SPEED });
  try {
    await client.start();
    for (let turns = Math.ceil(random() * MOST_TURNS); turns > 0 && performance.now() < endsAtMs; turns--) {
      const act = pickRandom(ACT_NAMES, random);
      await ACTS[act](client, options);
      count(tally, act);
    }
    const ending = pickRandom(ENDINGS, random);
    await leave(client, ending, options);
    count(tally, ending);
    const violations = violationsIn(client.inbox);
    if (violations.length > 0) throw new Error(violations.join('\n'));
    const errors = client.inbox.messages('error');
    if (errors.length > 0) throw new Error(`${errors[0]?.code}: ${errors[0]?.message}`);
  } catch (error) {
    throw new Error(`a visit failed: ${error instanceof Error ? error.message : String(error)}\n${client.inbox.summary()}`, {
      cause: error,
    });
  } finally {
    client.terminate();
  }
}

async function leave(client: ConversationClient, ending: (typeof ENDINGS)[number], { random, speech }: SoakVisitOptions): Promise<void> {
  switch (ending) {
    case 'said goodbye':
      client.send({ type: 'end_conversation' });
      await client.closed();
      return;
    case 'closed the tab':
      return client.close();
    case 'was torn':
      return client.terminate();
    case 'was torn in a sentence':
      client.sendAudioAtOnce(pickRandom(speech, random).slice(0, 16_000));
      await client.settled();
      return client.terminate();
    case 'was torn in a reply':
      await listening(client, random);
      return client.terminate();
  }
}

/** Resolves in the middle of a reply: at its first words or its first audio. */
async function listening(client: ConversationClient, random: () => number): Promise<void> {
  const { turn, inbox } = client;
  client.send({ type: 'text_message', text: 'tell me a long story' });
  if (random() < 0.3) await inbox.waitForState('AI_SPEAKING', turn, ANSWER_TIMEOUT_MS);
  else await inbox.waitFor('the first sound', () => (inbox.speechOf(turn).length > 0 ? true : undefined), ANSWER_TIMEOUT_MS);
}

async function interruptBySpeech(client: ConversationClient, speech: Int16Array, turn: number): Promise<void> {
  const isStopped = (): boolean => client.inbox.states.includes(`USER_SPEAKING ${turn + 1}`);
  for (let from = 0; from < speech.length && !isStopped(); from += CHUNK_SAMPLES) {
    client.sendAudioAtOnce(speech.subarray(from, from + CHUNK_SAMPLES));
    await client.settled();
  }
  await client.inbox.waitForState('USER_SPEAKING', turn + 1, ANSWER_TIMEOUT_MS);
}

const count = (tally: SoakTally, what: string): void => void (tally[what] = (tally[what] ?? 0) + 1);
