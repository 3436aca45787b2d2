import { defineProvider, ProviderHealth, PROVIDERS, type Provider } from '@parley/providers';
import { FakeTextToSpeech } from '@parley/testing';
import { EnvironmentError, parseEnvironment } from '../config/parse-environment';
import { settingsFrom } from '../config/settings';
import { RecordingLogger } from '../testing/recording-logger';
import { chooseProviders } from './choose-providers';
import type { RunningSimulator } from './embedded-simulator';
import { ProviderSwitches } from './provider-switches';

const SIMULATOR: RunningSimulator = {
  urls: { sarvam: 'http://127.0.0.1:1', openai: 'http://127.0.0.1:2/v1', elevenLabs: 'http://127.0.0.1:3' },
  speech: { recogniser: { available: true }, synthesiser: { available: true } },
};

/** The variables that the voice is created with. */
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
  without: 'the demo voice speaks',
  isConfigured: ({ apiKey }) => apiKey !== undefined,
  make: ({ values: { apiKey, accent }, simulated }) => {
    made.push({ apiKey, accent });
    return new FakeTextToSpeech({ info: { name: 'acme', simulated } });
  },
});
const WITH_ACME: readonly Provider[] = [...PROVIDERS, ACME];

/** Tests a provider that consists only of a descriptor in the registry. */
describe('a provider that was added to the registry', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    made.length = 0;
  });
  afterEach(() => logger.restore());

  const settings = (raw: Record<string, string>) => settingsFrom(parseEnvironment(raw, WITH_ACME), WITH_ACME);
  const chosen = (raw: Record<string, string>, providers = WITH_ACME) =>
    chooseProviders(
      settings({ LOCAL_MODEL_PROBE: 'false', ...raw }),
      { start: async () => SIMULATOR },
      { health: new ProviderHealth(), switches: new ProviderSwitches() },
      { providers },
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

  it('has its variables checked together with all others, and mistakes name the variables but not their values', () => {
    expect(mistakesOf({ ACME_KEY: 'k', ACME_ACCENT: 'broad' })).toEqual([]);
    const mistakes = mistakesOf({ ACME_KEY: 'a secret', ACME_ACCENT: 'SECRET', PORT: 'secret' });
    expect(mistakes).toContain('ACME_ACCENT must be an accent');
    expect(mistakes.map((mistake) => mistake.split(' ')[0]).sort()).toEqual(expect.arrayContaining(['ACME_ACCENT', 'ACME_KEY', 'PORT']));
    expect(mistakes.join('\n')).not.toMatch(/secret/i);
  });

  it('changes nothing on a server that does not use it', () => {
    expect(settingsFrom(parseEnvironment({ ACME_ACCENT: 'SECRET' })).providers).not.toHaveProperty('ACME_ACCENT');
  });

  it('has its key among the secrets that logs mask', () => {
    expect(settings({ ACME_KEY: 'the-key' }).secrets).toEqual(['the-key']);
  });

  it('is used as its variables configure it when it is the only configured provider of the stage', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ACME_ACCENT: 'broad' });
    expect(tts.port.info).toEqual({ name: 'acme', simulated: false });
    expect(made).toEqual([{ apiKey: 'k', accent: 'broad' }]);
  });

  it('is not used when a provider that precedes it in the registry is configured', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ELEVENLABS_API_KEY: 'e' });
    expect(tts.port.info.name).toBe('elevenlabs');
    expect(made).toEqual([]);
  });

  it('can be named as a fallback of another provider', async () => {
    const { tts } = await chosen({ ACME_KEY: 'k', ELEVENLABS_API_KEY: 'e', TTS_FALLBACK: 'acme' });
    expect(tts.fallbacks).toEqual([{ name: 'acme', simulated: false }]);
    expect(made).toEqual([{ apiKey: 'k', accent: 'plain' }]);
  });

  it('is reported as unavailable and is no fallback when it cannot work on this machine', async () => {
    const health = () => ({ available: false, reason: 'Acme has no loudspeaker here.', remedy: 'Plug one in.' }) as const;
    const withBrokenAcme: readonly Provider[] = [...PROVIDERS, { ...ACME, health } as Provider];
    const { tts } = await chosen({ ACME_KEY: 'k' }, withBrokenAcme);
    expect(tts).toMatchObject({ available: false, detail: 'Acme has no loudspeaker here. Plug one in.' });
    const behind = await chosen({ ACME_KEY: 'k', ELEVENLABS_API_KEY: 'e', TTS_FALLBACK: 'acme,simulated' }, withBrokenAcme);
    expect(behind.tts.fallbacks).toEqual([{ name: 'elevenlabs', simulated: true }]);
  });

  it('is refused as a fallback when it is not configured or belongs to another stage', () => {
    expect(mistakesOf({ TTS_FALLBACK: 'acme' })).toEqual(['TTS_FALLBACK entry 1 needs ACME_KEY']);
    expect(mistakesOf({ ACME_KEY: 'k', TTS_FALLBACK: 'acme@http://127.0.0.1:1' })).toEqual(['TTS_FALLBACK entry 1 must be acme']);
    expect(mistakesOf({ ACME_KEY: 'k', STT_FALLBACK: 'acme' })).toEqual([expect.stringMatching(/^STT_FALLBACK entry 1 must be simulated/)]);
  });
});
