import type { DraftMetrics, TurnMark } from '@parley/protocol';
import { ConversationClient, fixture, type Fixture, quietRoom, ServerProcess } from '@parley/testing/client';

/** One answered turn as the client saw it. Milliseconds. */
export interface MeasuredTurn {
  /** From the user's last voiced sample, as measured in the recording, to the first audio at the client. */
  voicedToAudioMs: number;
  /** From the message that the turn has ended to the first audio at the client; below zero would be an answer before the end. */
  turnEndToAudioMs: number;
  /** The server's own marks, since the last voiced frame that it noticed. */
  marks: Partial<Record<TurnMark, number>>;
  /** The outcome of its drafts. */
  drafts: DraftMetrics | undefined;
}

export interface TurnsOptions {
  turns: number;
  /** Environment of the server: latency profile, drafts, turn-taking. */
  env: Readonly<Record<string, string>>;
}

/** Questions with short answers, so that many turns fit into a minute; recordings. */
export const QUESTIONS: readonly string[] = ['clean-time.wav', 'clean-date.wav', 'clean-sum.wav', 'clean-lights.wav', 'clean-myname.wav'];
const FRAME_MS = 20;
const SAMPLES_PER_MS = 16;
/** Each recording begins at another position within 160 ms, the common multiple of frames and windows. */
const SHIFTS = 8;

/** Holds one conversation in real time over a real socket with a server of its own, and measures each turn of it. */
export async function measureTurns({ turns, env }: TurnsOptions): Promise<MeasuredTurn[]> {
  const server = await ServerProcess.start(env);
  try {
    const client = await ConversationClient.connect(server.url, { playbackSpeed: 8 });
    await client.start();
    client.microphone.open();
    // The recogniser's first utterance is its slowest and is not counted.
    await ask(client, 0);
    const measured: MeasuredTurn[] = [];
    while (measured.length < turns) measured.push(await ask(client, measured.length));
    await client.close();
    return measured;
  } finally {
    await server.stop();
  }
}

async function ask(client: ConversationClient, index: number): Promise<MeasuredTurn> {
  const { turn } = client;
  const leadMs = (index % SHIFTS) * FRAME_MS;
  const question = fixture(QUESTIONS[index % QUESTIONS.length]);
  const capturedFromMs = await client.microphone.say(after(question, leadMs));
  await client.answerOf(turn);
  const metrics = await client.inbox.waitForMessage('turn_metrics', (message) => message.turn === turn);
  const ended = client.inbox.arrivalsOf('state').find(({ message }) => message.turn === turn && message.state === 'AI_PROCESSING');
  const firstAudioAtMs = client.inbox.firstSpeechAtMs(turn);
  if (ended === undefined || firstAudioAtMs === undefined) throw new Error(`turn ${turn} was not answered:\n${client.inbox.summary()}`);
  const voicedEndMs = Math.max(...question.speech.map(({ endMs }) => endMs));
  return {
    voicedToAudioMs: firstAudioAtMs - (capturedFromMs + leadMs + voicedEndMs),
    turnEndToAudioMs: firstAudioAtMs - ended.atMs,
    marks: metrics.message.marks,
    drafts: metrics.message.drafts,
  };
}

function after({ pcm }: Fixture, leadMs: number): Int16Array {
  const all = new Int16Array(leadMs * SAMPLES_PER_MS + pcm.length);
  all.set(quietRoom(leadMs));
  all.set(pcm, leadMs * SAMPLES_PER_MS);
  return all;
}
