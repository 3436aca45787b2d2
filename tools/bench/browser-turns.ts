import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { encodeWav } from '@parley/audio';
import type { ServerMessage, TurnMetrics } from '@parley/protocol';
import { fixture, ServerProcess } from '@parley/testing/client';
import { heardWaits } from './heard-waits';
import { installAudioObserver } from './in-page-audio-observer';
import { QUESTIONS, type TurnsOptions } from './latency-turns';

/** One answered turn as it was played in Chromium. In milliseconds. */
export interface PlayedTurn {
  /** From the last voiced sample in the page's microphone to the first sample that goes to its speaker. */
  voicedToPlayedMs: number;
  /** From the turn's end, by the server's mark, to that sample. */
  turnEndToPlayedMs: number;
}

const RATE_HZ = 16_000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
/** Silence before the first question, in ms: the microphone starts with the first capture, and the conversation a little later. */
const LEAD_MS = 3_000;
/**
 * Time between questions, in ms: long enough for the longest answer, and not a multiple of a frame or window, so that questions begin at
 * all positions in them.
 */
const EVERY_MS = 7_013;
/** The bundler's helper for keeping names, which must exist where a function's source text is run. */
const NAMES = 'globalThis.__name = (target) => target;';
const TIMEOUT_MS = 10_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Holds one conversation in a real page, which takes a recording for its microphone, and listens to what it plays. Needs the built page. */
export async function measurePlayedTurns({ turns, env }: TurnsOptions): Promise<PlayedTurn[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const server = await ServerProcess.start(env);
  let browser: Browser | undefined;
  try {
    const microphone = join(folder, 'microphone.wav');
    // The first turn of a process is its slowest and is not counted.
    const pcm = questions(turns + 1);
    writeFileSync(microphone, encodeWav(pcm, RATE_HZ));
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
      args: [...FLAGS, `--use-file-for-fake-audio-capture=${microphone}%noloop`],
    });
    const page = await browser.newPage();
    const metrics: TurnMetrics[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => keepMetrics(metrics, payload)));
    await page.addInitScript(NAMES);
    await page.addInitScript(installAudioObserver);
    await page.goto(server.url);
    await page.getByTestId('start').click();
    const durationMs = pcm.length / SAMPLES_PER_MS;
    await page.waitForFunction((untilMs) => (window.audioBlocks.at(-1)?.atMs ?? 0) > untilMs, durationMs, {
      timeout: durationMs + TIMEOUT_MS,
    });
    const waits = heardWaits(await page.evaluate(() => window.audioBlocks));
    if (waits.length !== turns + 1 || metrics.length !== turns + 1)
      throw new Error(`${turns + 1} questions, ${waits.length} answers heard, ${metrics.length} turns measured`);
    return waits.slice(1).map(({ voicedEndMs, playedAtMs }, index) => {
      const voicedToPlayedMs = playedAtMs - voicedEndMs;
      return { voicedToPlayedMs, turnEndToPlayedMs: voicedToPlayedMs - (metrics[index + 1]?.marks.turn_end ?? Number.NaN) };
    });
  } finally {
    await browser?.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function questions(count: number): Int16Array {
  const track = new Int16Array((LEAD_MS + count * EVERY_MS) * SAMPLES_PER_MS);
  for (let index = 0; index < count; index++) {
    const { pcm, speech } = fixture(QUESTIONS[index % QUESTIONS.length]);
    const endMs = Math.max(...speech.map((part) => part.endMs)) + 100;
    track.set(pcm.subarray(0, endMs * SAMPLES_PER_MS), (LEAD_MS + index * EVERY_MS) * SAMPLES_PER_MS);
  }
  return track;
}

function keepMetrics(metrics: TurnMetrics[], payload: string | Buffer): void {
  if (typeof payload !== 'string') return;
  const message = JSON.parse(payload) as ServerMessage;
  if (message.type === 'turn_metrics') metrics.push(message);
}
