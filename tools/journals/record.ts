/**
 * `node tools/run-ts.mjs tools/journals/record.ts [name...]`: records the reference journals of the engine again, from the built
 * server with its simulated vendors, in real time. Only the decisions are kept, not the audio. Needs `nx build api` first.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyJournal, headerLine, replayJournal } from '@parley/conversation';
import { ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { ConversationClient, fixture, ServerProcess, sleep } from '@parley/testing/client';
import { describeReplay } from './describe-replay';
import { readAnyJournal } from './read-journal';

const TARGET = 'libs/conversation/src/journal/journals';

interface RecordingScript {
  env?: Readonly<Record<string, string>>;
  /** The transcripts of the user's utterances, in order. Default: the simulated recogniser recognises the audio. */
  heardAs?: readonly string[];
  playbackSpeed: number;
  /** Who answers. Default: the pipeline. */
  engine?: 'agent';
  hold: (client: ConversationClient) => Promise<void>;
}

async function ask(client: ConversationClient, file: string): Promise<void> {
  const { turn } = client;
  await client.microphone.say(fixture(file).pcm);
  await client.answerOf(turn, 30_000);
}

/** Resolves when this much of the turn's speech has been played, in ms. */
async function listenFor(client: ConversationClient, turn: number, heardMs: number): Promise<void> {
  for (;;) {
    const heard = client.player.heard();
    if (heard.turn === turn && heard.playedMs >= heardMs) return;
    await sleep(20);
  }
}

const SCRIPTS: Readonly<Record<string, RecordingScript>> = {
  /** A simple conversation with three questions; the second is answered from what the first said. */
  'three-turns': {
    playbackSpeed: 8,
    hold: async (client) => {
      for (const file of ['clean-name.wav', 'clean-myname.wav', 'clean-sum.wav']) await ask(client, file);
    },
  },
  /**
   * A back-channel that does not interrupt, an interruption by voice, its answer, and an interruption by the button. What was heard is
   * remembered.
   */
  interruptions: {
    env: { INTERRUPTION_MODE: 'resumable', MEMORY_ON_INTERRUPTION: 'heard' },
    heardAs: ['okay', 'wait stop'],
    playbackSpeed: 1,
    hold: async (client) => {
      client.microphone.open();
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await listenFor(client, 1, 800);
      await client.microphone.say(fixture('backchannel-okay.wav').pcm);
      await sleep(800);
      await client.microphone.say(fixture('interrupt-short.wav').pcm);
      await client.inbox.waitFor('an answer', () => client.inbox.firstSpeechAtMs(2));
      client.send({ type: 'interrupt' });
      await client.inbox.waitForState('USER_SPEAKING', 3);
    },
  },
  /** A sentence with a pause, a noise, and a voice provider that cannot be reached, so that the fallback sentence is played. */
  'pause-noise-failure': {
    // Nothing listens at this address.
    env: { TURN_TAKING: 'adaptive', ELEVENLABS_API_KEY: 'none', ELEVENLABS_BASE_URL: 'http://127.0.0.1:9' },
    playbackSpeed: 8,
    hold: async (client) => {
      await client.microphone.say(fixture('burst-cough.wav').pcm);
      await ask(client, 'pause-500-slt.wav');
      await ask(client, 'noisy-babble-10db.wav');
      await ask(client, 'clean-time.wav');
    },
  },
  /** The agent's greeting, an answer for which it uses a tool, one that is stopped by voice, and one that is stopped by the button. */
  agent: {
    engine: 'agent',
    playbackSpeed: 1,
    hold: async (client) => {
      client.microphone.open();
      await client.inbox.waitForState('USER_SPEAKING', 2);
      client.send({ type: 'text_message', text: 'what time is it' });
      await client.inbox.waitForState('USER_SPEAKING', 3);
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await listenFor(client, 3, 600);
      await client.microphone.say(fixture('interrupt-short.wav').pcm);
      await client.inbox.waitFor('an answer to the interruption', () => client.inbox.firstSpeechAtMs(4));
      client.send({ type: 'interrupt' });
      await client.inbox.waitForState('USER_SPEAKING', 5);
    },
  },
};

const names = process.argv.slice(2);
for (const [name, story] of Object.entries(SCRIPTS)) {
  if (names.length === 0 || names.includes(name)) await record(name, story);
}

async function record(name: string, { env, heardAs, playbackSpeed, engine, hold }: RecordingScript): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-journals-'));
  const recogniser = heardAs && (await startScriptedRecogniser(heardAs));
  try {
    const sttEnv = recogniser && { SARVAM_API_KEY: 'any', SARVAM_BASE_URL: recogniser.urls.sarvam };
    const server = await ServerProcess.start({ ...env, ...sttEnv, RECORD_DIR: folder });
    try {
      const client = await ConversationClient.connect(server.url, { playbackSpeed });
      await client.start(engine && { engine });
      await hold(client);
      client.send({ type: 'end_conversation' });
      await client.closed();
    } finally {
      await server.terminate();
    }
    keep(name, folder);
  } finally {
    await recogniser?.close();
    rmSync(folder, { recursive: true });
  }
}

function startScriptedRecogniser(texts: readonly string[]): Promise<Simulator> {
  return startSimulator({ recogniser: new ScriptedRecogniser({ texts }), synthesiser: new ToneSynthesiser() });
}

function keep(name: string, folder: string): void {
  const [recorded] = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  if (recorded === undefined) throw new Error(`${name}: nothing was recorded`);
  const path = join(folder, recorded);
  const journal = readAnyJournal(path);
  const replay = replayJournal(journal);
  console.log(`${name}: ${describeReplay(replay)}`);
  if (replay.differences.length > 0) process.exitCode = 1;
  else writeFileSync(join(TARGET, `${name}.jsonl`), withoutSound(name, journal, readFileSync(path, 'utf8')));
}

/** The lines as they were recorded, behind a header that names no sound and is the same in every recording. */
function withoutSound(name: string, { header }: AnyJournal, text: string): string {
  return headerLine({ ...header, audio: undefined, session: name }) + text.slice(text.indexOf('\n') + 1);
}
