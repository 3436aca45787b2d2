import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSileroWeights, parseWav, resamplePcm16, VoiceActivityDetector } from '@parley/audio';
import { FRAME_MS, FRAME_SAMPLES, INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { DETECTOR_WEIGHTS, TEST_PATHS } from '../../testing/runtime-paths';
import { pass, startVirtualTime, TestConversation } from '@parley/engine/testing';

/** Feeds a recorded voice to the voice detector that the server uses in production. */
describe('PipelineConversation with a recorded human voice', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  it('detects where the speech begins and where it ends', async () => {
    const detector = new VoiceActivityDetector({ weights: parseSileroWeights(await readFile(DETECTOR_WEIGHTS)) });
    const wav = parseWav(await readFile(join(TEST_PATHS.assets, 'fallback-stt.wav')));
    if (!wav.ok) throw new Error('the recording is not there');
    const { session, sink, fakes } = await TestConversation.start({ detector });
    const voice = resamplePcm16(wav.pcm, wav.sampleRateHz, INPUT_SAMPLE_RATE_HZ);
    const audio = new Int16Array(16_000 + voice.length + 24_000);
    audio.set(voice, 16_000);
    for (let start = 0; start < audio.length; start += FRAME_SAMPLES) {
      await pass(FRAME_MS);
      session.pushAudio(audio.subarray(start, start + FRAME_SAMPLES));
    }
    await pass(0);

    expect(fakes.stt.utterances).toHaveLength(1);
    // The sentence of three seconds and the audio just before it, but not the second of silence at the beginning.
    expect(fakes.stt.utterances[0].audioMs).toBeGreaterThan(3_000);
    expect(fakes.stt.utterances[0].audioMs).toBeLessThan(4_800);
    expect(sink.log.filter((entry) => entry.startsWith('state'))).toEqual([
      'state USER_SPEAKING 1',
      'state AI_PROCESSING 1',
      'state AI_SPEAKING 1',
    ]);
    expect(sink.of('turn_measured')).toEqual([]);
  });
});
