import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { SegmentRequest } from '@parley/providers';
import { SharedAudioCache } from '../../audio-cache/shared-audio-cache';
import { testSettings } from '../../testing';
import { PrerenderedSpeech } from './prerendered-speech';

/** A voice that speaks 100 samples for each request, and fails as often as it is told to. */
class Voice {
  readonly requests: SegmentRequest[] = [];
  failures = 0;
  hangs = false;
  info = { name: 'elevenlabs', simulated: true };

  async *speakSegment(request: SegmentRequest, signal: AbortSignal) {
    this.requests.push(request);
    if (this.failures-- > 0) throw new Error('the vendor does not answer');
    if (this.hangs) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    if (signal.aborted) return;
    yield { pcm: new Int16Array(60).fill(7) };
    yield { pcm: new Int16Array(40).fill(9) };
  }
}

describe('PrerenderedSpeech', () => {
  let folder: string;
  let warnings: unknown[];
  const started: { speech: PrerenderedSpeech; cache: SharedAudioCache }[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-prerendered-'));
    warnings = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((warning: unknown) => void warnings.push(warning));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { speech, cache } of started.splice(0)) {
      speech.onApplicationShutdown();
      await cache.onApplicationShutdown();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function start(voice: Voice, environment: Record<string, string> = {}): PrerenderedSpeech {
    const cache = new SharedAudioCache(testSettings({ DATA_DIR: join(folder, 'data'), ...environment }));
    const speech = new PrerenderedSpeech(cache, { port: voice }, { voiceId: 'voice-1' });
    started.push({ speech, cache });
    return speech;
  }

  it('is spoken by the expressive model, at the rate of conversations', async () => {
    const voice = new Voice();
    expect([...(await start(voice).of('Hello.'))]).toEqual([...Array<number>(60).fill(7), ...Array<number>(40).fill(9)]);
    expect(voice.requests).toEqual([{ text: 'Hello.', voiceId: 'voice-1', model: 'eleven_v3', sampleRateHz: 24_000 }]);
  });

  it('is made once for all who ask, also for the programs that are started later', async () => {
    const voice = new Voice();
    const first = start(voice);
    await Promise.all([first.of('Hello.'), first.of('Hello.')]);
    expect(await first.of('Hello.')).toHaveLength(100);
    expect(await start(voice).of('Hello.')).toHaveLength(100);
    expect(voice.requests).toHaveLength(1);
    await first.of('Good morning.');
    expect(voice.requests).toHaveLength(2);
  });

  it('is made anew by the vendor where the simulator has spoken before', async () => {
    const voice = new Voice();
    await start(voice).of('Hello.');
    voice.info = { name: 'elevenlabs', simulated: false };
    await start(voice).of('Hello.');
    expect(voice.requests).toHaveLength(2);
  });

  it('rejects when it cannot be made, and is made for the next who asks', async () => {
    const voice = new Voice();
    voice.failures = 1;
    const speech = start(voice);
    await expect(speech.of('Hello.')).rejects.toThrow('the vendor does not answer');
    expect(await speech.of('Hello.')).toHaveLength(100);
  });

  it.each([
    ['is turned off', { AUDIO_CACHE_MAX_BYTES: '0' }, 0],
    ['has a folder that cannot be used', { DATA_DIR: '/dev/null/data' }, 1],
  ])('is made also where the cache %s', async (_, environment, warned) => {
    const voice = new Voice();
    const speech = start(voice, environment);
    expect(await speech.of('Hello.')).toHaveLength(100);
    expect(await speech.of('Hello.')).toHaveLength(100);
    expect(voice.requests).toHaveLength(1);
    expect(warnings).toHaveLength(warned);
  });

  it('does not keep the program from ending', async () => {
    const voice = new Voice();
    voice.hangs = true;
    const speech = start(voice);
    const asked = expect(speech.of('Hello.')).rejects.toThrow('aborted');
    speech.onApplicationShutdown();
    await asked;
  });
});
