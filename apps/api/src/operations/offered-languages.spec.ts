import { ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { Logger } from '@nestjs/common';
import { ELEVENLABS_PROVIDER, type ProviderDescriptor, providersOf, valuesOf } from '@parley/providers';
import { LANGUAGES } from './languages';
import { makeProvider, providerLog } from '@parley/server';
import { RecordingLogger } from '@parley/server/testing';

const KEY = 'good';
const HEARD = 'hello there';
const LOUD = Int16Array.from({ length: 16_000 }, (_, n) => 8_000 * Math.sin(n / 5));

async function* said(text: string): AsyncGenerator<string> {
  yield text;
}

describe('each language that is offered', () => {
  let simulator: Simulator;
  let logger: RecordingLogger;
  const ending = new AbortController();

  beforeAll(async () => {
    logger = RecordingLogger.install();
    simulator = await startSimulator({
      recogniser: new ScriptedRecogniser({ otherwise: HEARD }),
      synthesiser: new ToneSynthesiser(),
      latency: { sttFinalMs: 5, ttsFirstChunkMs: 5 },
      limits: { elevenLabsSpeed: 60 },
    });
  });
  afterAll(async () => {
    await simulator.close();
    logger.restore();
  });

  /** The length of the audio of one sentence, in samples. */
  async function spoken(language: string, modelId: string, simulated: boolean): Promise<number> {
    const values = { ...valuesOf(ELEVENLABS_PROVIDER.variables, {}), apiKey: KEY, baseUrl: simulator.urls.elevenLabs, model: modelId };
    const port = ELEVENLABS_PROVIDER.make({ values, simulated, logger: providerLog(new Logger('ElevenLabs')) });
    await port.prepare();
    const session = port.open({ language, sampleRateHz: 24_000 }, ending.signal);
    let samples = 0;
    for await (const { pcm } of session.speak(said('Namaste.'), ending.signal)) samples += pcm.length;
    await session.close();
    return samples;
  }

  async function heard(language: string, provider: ProviderDescriptor<'stt'>): Promise<string | undefined> {
    const port = makeProvider(provider, { apiKey: KEY, baseUrl: simulator.urls.sarvam }, {});
    const session = port.open({ language }, ending.signal);
    const utterance = session.utterance(ending.signal);
    utterance.push(LOUD);
    utterance.end();
    let last: string | undefined;
    for await (const { text } of utterance.transcripts) last = text;
    await session.close();
    return last;
  }

  const codes = LANGUAGES.map(({ code }) => code);

  it.each(codes)(
    'can be spoken by the built-in demo (%s)',
    async (language) => {
      expect(await spoken(language, 'eleven_flash_v2_5', true)).toBeGreaterThan(2_400);
      expect(logger.lines).toEqual([]);
    },
    30_000,
  );

  it.each(codes)('is accepted by a server that offers only the configured model (%s)', async (language) => {
    for (const model of ['eleven_flash_v2_5', 'eleven_multilingual_v2', 'eleven_flash_v2']) {
      expect(await spoken(language, model, false)).toBeGreaterThan(2_400);
    }
    expect(logger.lines).toEqual([]);
  });

  it.each(codes)('is accepted by every provider of speech recognition (%s)', async (language) => {
    for (const provider of providersOf('stt')) expect(await heard(language, provider)).toMatch(new RegExp(HEARD, 'i'));
    expect(logger.lines).toEqual([]);
  });

  it('is supported by the voice of ElevenLabs', () => {
    const port = makeProvider<'tts'>(ELEVENLABS_PROVIDER, { ...valuesOf(ELEVENLABS_PROVIDER.variables, {}), apiKey: KEY }, {});
    expect(codes.filter((code) => port.speaks?.(code) !== true)).toEqual([]);
  });
});
