import { ConversationClient, fixture, ServerProcess } from '@parley/testing/client';

/** How sentences with a pause were handled. */
export interface PauseResult {
  file: string;
  times: number;
  /** Turns that were ended within the sentence. */
  cutOff: number;
  /** From the last voiced sample of the whole sentence to the first audio of its answer, in ms. */
  voicedToAudioMs: number[];
}

/** Pauses of 500 and of 850 ms in the middle of a sentence, two voices. */
const PAUSES = ['pause-500-slt.wav', 'pause-500-kal.wav', 'pause-850-slt.wav', 'pause-850-kal.wav'];

/** Says each of them this many times, in real time over a real socket. */
export async function measurePauses(times: number, env: Readonly<Record<string, string>>): Promise<PauseResult[]> {
  const server = await ServerProcess.start(env);
  try {
    const client = await ConversationClient.connect(server.url, { playbackSpeed: 8 });
    await client.start();
    client.microphone.open();
    const results: PauseResult[] = [];
    for (const file of PAUSES) {
      const result: PauseResult = { file, times, cutOff: 0, voicedToAudioMs: [] };
      for (let time = 0; time < times; time++) await say(client, result);
      results.push(result);
    }
    await client.close();
    return results;
  } finally {
    await server.stop();
  }
}

async function say(client: ConversationClient, result: PauseResult): Promise<void> {
  const { pcm, speech } = fixture(result.file);
  const firstTurn = client.turn;
  const capturedFromMs = await client.microphone.say(pcm);
  const voicedEndAtMs = capturedFromMs + Math.max(...speech.map(({ endMs }) => endMs));
  const endedBefore = (): boolean =>
    client.inbox
      .arrivalsOf('state')
      .some(({ message, atMs }) => message.turn >= firstTurn && message.state === 'AI_PROCESSING' && atMs < voicedEndAtMs);
  // The answer to the whole sentence is the first one that begins after it.
  await client.inbox.waitFor('the answer', () => answeredAtMs(client, firstTurn, voicedEndAtMs));
  const answerAtMs = answeredAtMs(client, firstTurn, voicedEndAtMs);
  if (endedBefore()) result.cutOff++;
  if (answerAtMs !== undefined) result.voicedToAudioMs.push(answerAtMs - voicedEndAtMs);
  const { turn } = client;
  await client.inbox.waitFor('the next turn', () =>
    client.inbox.messages('state').find((state) => state.turn > turn || isListening(client)),
  );
}

const isListening = (client: ConversationClient): boolean => client.inbox.messages('state').at(-1)?.state === 'USER_SPEAKING';

function answeredAtMs(client: ConversationClient, firstTurn: number, sinceMs: number): number | undefined {
  return client.inbox.arrivals.find(
    (arrival) => arrival.kind === 'speech' && arrival.speech.turn >= firstTurn && arrival.speech.seq === 0 && arrival.atMs > sinceMs,
  )?.atMs;
}
