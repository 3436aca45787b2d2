import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWav } from '@parley/audio';
import type { Stage } from '@parley/conversation';
import { FakeTextToSpeech, type FakeTextToSpeechOptions } from '@parley/testing';
import { RecordingLogger } from '../../testing/recording-logger';
import { TEST_PATHS } from '../../testing/runtime-paths';
import { testSettings } from '../../testing/test-settings';
import { settle } from '@parley/engine/testing';
import { FallbackSpeech } from './fallback-speech';

const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];

async function started(script: FakeTextToSpeechOptions['script']): Promise<{ voice: FakeTextToSpeech; fallback: FallbackSpeech }> {
  const voice = new FakeTextToSpeech({ script });
  const fallback = new FallbackSpeech(voice, testSettings(), TEST_PATHS);
  await fallback.onApplicationBootstrap();
  return { voice, fallback };
}

async function recordedMs(stage: Stage): Promise<number> {
  const wav = parseWav(await readFile(join(TEST_PATHS.assets, `fallback-${stage}.wav`)));
  return wav.ok ? (wav.pcm.length * 1_000) / wav.sampleRateHz : 0;
}

const spokenMs = (audio: Int16Array | undefined): number => (audio?.length ?? 0) / 24;

describe('FallbackSpeech', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  it('has no sentences before it is started', () => {
    expect(new FallbackSpeech(new FakeTextToSpeech(), testSettings(), TEST_PATHS).audioFor('stt')).toBeUndefined();
  });

  it('offers the shipped recordings at the output rate at once, while the provider of the voice is still being asked', async () => {
    const { voice, fallback } = await started(() => 'manual');
    for (const stage of STAGES) {
      expect(await recordedMs(stage)).toBeGreaterThan(1_000);
      expect(spokenMs(fallback.audioFor(stage))).toBeCloseTo(await recordedMs(stage), 0);
    }
    expect(voice.openSessions).toBe(1);
    fallback.onApplicationShutdown();
    await settle();
    expect([voice.openSessions, voice.openSpeeches]).toEqual([0, 0]);
    expect(spokenMs(fallback.audioFor('stt'))).toBeCloseTo(await recordedMs('stt'), 0);
    expect(logger.lines).toEqual([]);
  });

  it('prepares the sentences in the configured voice, one after the other', async () => {
    const { voice, fallback } = await started(() => ({ msPerCharacter: 10, chunkMs: 100 }));
    await settle();
    const { fallbackText } = testSettings().turns;
    expect(voice.speeches.map(({ sentences }) => sentences)).toEqual(STAGES.map((stage) => [fallbackText[stage]]));
    STAGES.forEach((stage, index) => {
      const audio = fallback.audioFor(stage);
      expect(spokenMs(audio)).toBeCloseTo(fallbackText[stage].length * 10, 3);
      expect(new Set(audio)).toEqual(new Set([index + 1]));
    });
    expect(voice.sessions[0].options).toEqual({ sampleRateHz: 24_000 });
    expect([voice.openSessions, voice.openSpeeches]).toEqual([0, 0]);
  });

  it('keeps the shipped recordings of sentences that the voice could not speak, and logs that', async () => {
    const { voice, fallback } = await started((index) => (index === 1 ? { failure: { code: 'quota', afterChunks: 2 } } : {}));
    await settle();
    expect(new Set(fallback.audioFor('stt'))).toEqual(new Set([1]));
    expect(spokenMs(fallback.audioFor('llm'))).toBeCloseTo(await recordedMs('llm'), 0);
    expect(spokenMs(fallback.audioFor('tts'))).toBeCloseTo(await recordedMs('tts'), 0);
    expect(logger.lines).toMatchObject([{ level: 'warn', line: { message: expect.stringContaining('recorded') } }]);
    expect(voice.openSessions).toBe(0);
  });

  it('discards a half-finished sentence when the server shuts down in the middle of it', async () => {
    const { voice, fallback } = await started(() => 'manual');
    voice.speeches[0].chunk(100);
    await settle();
    fallback.onApplicationShutdown();
    await settle();
    expect(spokenMs(fallback.audioFor('stt'))).toBeCloseTo(await recordedMs('stt'), 0);
  });
});
