import { type ConversationClient, fixture, sleep } from '@parley/testing/client';

/** A conversation that is held with a server of its own, in real time. */
export interface ScriptedConversation {
  name: string;
  /** Of the server. */
  env: Readonly<Record<string, string>>;
  hold: (client: ConversationClient) => Promise<void>;
}

/** Time without events after which a conversation counts as quiet, in ms: longer than any turn takes to end and be answered. */
const QUIET_MS = 2_500;
const TIMEOUT_MS = 60_000;

/** Resolves when the assistant has answered everything and listens again. */
async function untilQuiet(client: ConversationClient): Promise<void> {
  const fromMs = performance.now();
  while (performance.now() < fromMs + TIMEOUT_MS) {
    const last = client.inbox.arrivalsOf('state').at(-1);
    const quietMs = performance.now() - Math.max(fromMs, last?.atMs ?? 0);
    if (last?.message.state === 'USER_SPEAKING' && quietMs >= QUIET_MS) return;
    await sleep(20);
  }
  throw new Error(`the assistant did not come to an end:\n${client.inbox.summary()}`);
}

const say = async (client: ConversationClient, file: string): Promise<void> => void (await client.microphone.say(fixture(file).pcm));

async function sayAndListen(client: ConversationClient, file: string): Promise<void> {
  await say(client, file);
  await untilQuiet(client);
}

/** Asks for the long story; resolves when this much of it has been played, in ms. */
async function storyHeard(client: ConversationClient, heardMs: number): Promise<void> {
  const { turn } = client;
  client.send({ type: 'text_message', text: 'tell me a long story' });
  const endsAtMs = performance.now() + TIMEOUT_MS;
  for (;;) {
    const heard = client.player.heard();
    if (heard.turn === turn && heard.playedMs >= heardMs) return;
    if (performance.now() > endsAtMs) throw new Error(`the story was not told:\n${client.inbox.summary()}`);
    await sleep(20);
  }
}

const isSpeaking = (client: ConversationClient): boolean => client.inbox.messages('state').at(-1)?.state === 'AI_SPEAKING';

const inTurn =
  (...files: string[]) =>
  async (client: ConversationClient): Promise<void> => {
    for (const file of files) await sayAndListen(client, file);
  };

const INTERRUPTIONS = ['interrupt-short.wav', 'interrupt-else.wav', 'interrupt-5s.wav'];

/** Speaks each of the interruptions at another position of the story. */
async function interruptTheStory(client: ConversationClient): Promise<void> {
  for (const [index, file] of INTERRUPTIONS.entries()) {
    await storyHeard(client, 1_000 + index * 730);
    await sayAndListen(client, file);
  }
}

const BACK_CHANNELS = ['backchannel-uhhuh.wav', 'backchannel-okay.wav', 'backchannel-right.wav'];
/** The number of events that τ-voice requires for a rate; each story has some of them, far from its end. */
const BACK_CHANNEL_ROUNDS = 4;

/** Says back-channels during the story. If one of them stopped the story, asks for it again. */
async function encourage(client: ConversationClient): Promise<void> {
  for (let round = 0; round < BACK_CHANNEL_ROUNDS; round++) {
    for (const file of BACK_CHANNELS) {
      if (!isSpeaking(client)) {
        await untilQuiet(client);
        await storyHeard(client, 1_000 + round * 370);
      }
      await say(client, file);
      await sleep(1_200);
    }
    if (isSpeaking(client)) client.send({ type: 'interrupt' });
    await untilQuiet(client);
  }
}

const NOISES = ['burst-cough.wav', 'burst-click.wav', 'burst-keyboard.wav', 'burst-slam.wav'];

/** Plays noises during silence and then during the story. */
async function makeNoise(client: ConversationClient): Promise<void> {
  await inTurn('burst-keyboard-speech.wav', ...NOISES)(client);
  for (const file of NOISES) {
    if (!isSpeaking(client)) {
      await untilQuiet(client);
      await storyHeard(client, 1_000);
    }
    await say(client, file);
  }
  client.send({ type: 'interrupt' });
  await untilQuiet(client);
}

const RESUMABLE = { INTERRUPTION_MODE: 'resumable' };

/** The conversations of the scorecard, together about six minutes. */
export const CONVERSATIONS: readonly ScriptedConversation[] = [
  { name: 'four turns', env: {}, hold: inTurn('conversation-4turns.wav') },
  { name: 'story stopped', env: {}, hold: inTurn('conversation-interrupt.wav') },
  { name: 'interruptions', env: {}, hold: interruptTheStory },
  { name: 'resumable interruptions', env: RESUMABLE, hold: interruptTheStory },
  { name: 'resumable back-channels', env: RESUMABLE, hold: encourage },
  { name: 'pauses', env: {}, hold: inTurn('pause-500-slt.wav', 'pause-500-kal.wav', 'pause-850-slt.wav', 'pause-850-kal.wav') },
  { name: 'babble', env: {}, hold: inTurn('noisy-babble-20db.wav', 'noisy-babble-10db.wav', 'noisy-babble-5db.wav') },
  {
    name: 'hiss and hum',
    env: {},
    hold: inTurn('noisy-pink-20db.wav', 'noisy-pink-10db.wav', 'noisy-pink-5db.wav', 'noisy-white-10db.wav', 'noisy-fan-10db.wav'),
  },
  { name: 'noises', env: {}, hold: makeNoise },
];
