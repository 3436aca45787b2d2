import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ScriptedRecogniser, startSimulator } from '@parley/simulator';
import { pinBench, startPinnedServer } from '../capacity/pinned-server';
import { distinctWords } from './distinct-words';
import { NarrationSocket } from './narration-socket';
import { WordTones } from './word-tones';

/** From the vendor's request to its first audio. */
export const VENDOR_MS = 300;
/** Longer than it takes to connect to the vendor. */
const WRITER_THINKS_MS = 80;
const LONG_TEXT = 5_000;
/** The first narrations of a process are its slowest: code is compiled, and no connection is kept yet. */
const WARM_UP = 5;

/** What was waited for the first audio beyond the vendor's own time, for each narration, in ms. Both ways through loopback are in it. */
export interface FirstAudio {
  /** A sentence that comes when the narration has started a while ago. */
  sentenceMs: number[];
  /** A sentence that comes right behind the start of the narration. */
  atOnceMs: number[];
  /** Five thousand characters in one message. */
  longMs: number[];
}

/** Holds narrations, one after the other, with the built server, whose vendor is simulated in this process. */
export async function measureFirstAudio(times: number): Promise<FirstAudio> {
  pinBench();
  const vendor = await startSimulator({
    recogniser: new ScriptedRecogniser({ texts: [] }),
    synthesiser: new WordTones(),
    latency: { ttsFirstChunkMs: VENDOR_MS, jitter: 0 },
  });
  const { server, origin } = await startPinnedServer({
    ELEVENLABS_BASE_URL: vendor.urls.elevenLabs,
    ELEVENLABS_API_KEY: 'bench',
    SARVAM_BASE_URL: vendor.urls.sarvam,
    SARVAM_API_KEY: 'bench',
    OPENAI_BASE_URL: vendor.urls.openai,
    OPENAI_API_KEY: 'bench',
  });
  const sentence = distinctWords(60);
  const long = distinctWords(LONG_TEXT);
  try {
    const narrate = (text: string, thinksMs: number) => addedMs(origin, text, thinksMs);
    await several(WARM_UP, () => narrate(sentence, WRITER_THINKS_MS));
    return {
      sentenceMs: await several(times, () => narrate(sentence, WRITER_THINKS_MS)),
      atOnceMs: await several(times, () => narrate(sentence, 0)),
      longMs: await several(times, () => narrate(long, WRITER_THINKS_MS)),
    };
  } finally {
    await server.stop();
    await vendor.close();
  }
}

async function addedMs(origin: string, text: string, thinksMs: number): Promise<number> {
  const narration = await NarrationSocket.connect(origin);
  // With a seed of its own, so that the vendor is asked and not the audio cache.
  narration.send({ type: 'start_narration', seed: randomInt(2 ** 32) });
  await narration.started();
  if (thinksMs > 0) await sleep(thinksMs);
  const sentAtMs = performance.now();
  narration.send({ type: 'text', text });
  narration.send({ type: 'flush' });
  const waitedMs = (await narration.firstAudioAtMs()) - sentAtMs;
  await narration.cancel();
  return waitedMs - VENDOR_MS;
}

async function several(times: number, measure: () => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  while (figures.length < times) figures.push(await measure());
  return figures;
}
