import { defineProvider, ProviderHealth, PROVIDERS, type Provider } from '@parley/providers';
import { FakeTextToSpeech } from '@parley/testing';
import { EnvironmentError, parseEnvironment } from '../config/parse-environment';
import { settingsFrom } from '../config/settings';
import { RecordingLogger } from '../testing/recording-logger';
import { chooseVendors } from './choose-vendors';
import type { RunningSimulator } from './embedded-simulator';
import { ProviderSwitches } from './provider-switches';

const SIMULATOR: RunningSimulator = {
  urls: { sarvam: 'http://127.0.0.1:1', openai: 'http://127.0.0.1:2/v1', elevenLabs: 'http://127.0.0.1:3' },
  speech: { recogniser: { available: true }, synthesiser: { available: true } },
};

/** What a voice is made with. */
const made: { apiKey: string | undefined; accent: string }[] = [];
const ACME = defineProvider({
  name: 'acme',
  stage: 'tts',
  label: 'Acme',
  variables: {
    apiKey: { name: 'ACME_KEY', kind: 'key', doc: 'Key of Acme.' },
    accent: { name: 'ACME_ACCENT', kind: 'text', pattern: /^[a-z]+$/, message: 'must be an accent', default: 'plain', doc: 'The accent.' },
  },
  takesModel: false,
  takesAddress: false,
  standsAlone: true,
  without: 'nobody shouts',
  isConfigured: ({ apiKey }) => apiKey !== undefined,
  make: ({ values: { apiKey, accent }, simulated }) => {
    made.push({ apiKey, accent });
    return new FakeTextToSpeech({ info: { name: 'acme', simulated } });
  },
});
const WITH_ACME: readonly Provider[] = [...PROVIDERS, ACME];

/** A provider that is only a descriptor in the registry. */
describe('a provider that was added', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    made.length = 0;
  });
  afterEach(() => logger.restore());

  const settings = (raw: Record<string, string>) => settingsFrom(parseEnvironment(raw, WITH_ACME), WITH_ACME);
  const chosen = (raw: Record<string, string>) =>
    chooseVendors(
      settings({ LOCAL_MODEL_PROBE: 'false', ...raw }),
      { start: async () => SIMULATOR },
      { health: new ProviderHealth(), switches: new ProviderSwitches() },
      { providers: WITH_ACME },
    );
  const mistakesOf = (raw: Record<string, string>): readonly string[] => {
    try {
      parseEnvironment(raw, WITH_ACME);
      return [];
    } catch (error) {
      if (error instanceof EnvironmentError) return error.mistakes;
      throw error;
    }
  };

  it('has its variables checked with all others, by their names and without their values', () => {
    expect(mistakesOf({ ACME_KEY: 'k', ACME_ACCENT: 'broad' })).toEqual([]);
    const mistakes = mistakesOf({ ACME_KEY: 'a secret', ACME_ACCENT: 'SECRET', PORT: 'secret' });
    expect(mistakes).toContain('ACME_ACCENT must be an accent');
    expect(mistakes.map((mistake) => mistake.split(' ')[0]).sort()).toEqual(expect.arrayContaining(['ACME_ACCENT', 'ACME_KEY', 'PORT']));
    expect(mistakes.join('\n')).not.toMatch(/secret/i);
  });

  it('is no matter to a server without it', () => {
    expect(settingsFrom(parseEnvironment({ ACME_ACCENT: 'SECRET' })).providers).not.toHaveProperty('ACME_ACCENT');
  });

  it('has its key hidden in logs', () => {
    expect(settings({ ACME_KEY: 'the-key' }).secrets).toEqual(['the-key']);
  });

  it('speaks where it is the only one that is configured, as its variables say', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ACME_ACCENT: 'broad' });
    expect(tts.port.info).toEqual({ name: 'acme', simulated: false });
    expect(made).toEqual([{ apiKey: 'k', accent: 'broad' }]);
  });

  it('leaves the stage to a provider that stands before it in the registry', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ELEVENLABS_API_KEY: 'e' });
    expect(tts.port.info.name).toBe('elevenlabs');
    expect(made).toEqual([]);
  });

  it('stands behind another one by its name', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ELEVENLABS_API_KEY: 'e', TTS_FALLBACK: 'acme' });
    expect(tts.fallbacks).toEqual([{ name: 'acme', simulated: false }]);
    expect(made).toEqual([{ apiKey: 'k', accent: 'plain' }]);
  });

  it('is no fallback before it is configured, or for another stage', () => {
    expect(mistakesOf({ TTS_FALLBACK: 'acme' })).toEqual(['TTS_FALLBACK entry 1 needs ACME_KEY']);
    expect(mistakesOf({ ACME_KEY: 'k', TTS_FALLBACK: 'acme@http://127.0.0.1:1' })).toEqual(['TTS_FALLBACK entry 1 must be acme']);
    expect(mistakesOf({ ACME_KEY: 'k', STT_FALLBACK: 'acme' })).toEqual([expect.stringMatching(/^STT_FALLBACK entry 1 must be simulated/)]);
  });
});
