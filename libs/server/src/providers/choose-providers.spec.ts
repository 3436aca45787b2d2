import { type LocalModelProbeOptions, ProviderHealth } from '@parley/providers';
import { RecordingLogger } from '../testing/recording-logger';
import { testSettings } from '../testing/test-settings';
import { chooseProviders } from './choose-providers';
import type { RunningSimulator } from './embedded-simulator';
import { ProviderSwitches } from './provider-switches';
import type { StageProviders } from './stage-providers';

const SIMULATOR: RunningSimulator = {
  urls: { sarvam: 'http://127.0.0.1:1', openai: 'http://127.0.0.1:2/v1', elevenLabs: 'http://127.0.0.1:3' },
  speech: { recogniser: { available: true }, synthesiser: { available: true } },
};
const KEYS = { SARVAM_API_KEY: 'secret-sarvam', OPENAI_API_KEY: 'secret-openai', ELEVENLABS_API_KEY: 'secret-eleven' };
const BASE_URLS = {
  SARVAM_BASE_URL: 'http://127.0.0.1:11',
  OPENAI_BASE_URL: 'http://127.0.0.1:12/v1',
  ELEVENLABS_BASE_URL: 'http://127.0.0.1:13',
};

/** The providers that the settings lead to, and how often the simulator was started for them. */
async function chosen(environment: Record<string, string>, options: { simulator?: RunningSimulator; localModel?: string } = {}) {
  let simulatorStarts = 0;
  const asked: string[] = [];
  const localModels: LocalModelProbeOptions = {
    candidates: [{ name: 'ollama', baseURL: 'http://127.0.0.1:11434/v1' }],
    fetch: async (input) => {
      asked.push(String(input));
      if (options.localModel === undefined) throw new TypeError('connection refused');
      return new Response(JSON.stringify({ data: [{ id: options.localModel }] }));
    },
  };
  const start = async (): Promise<RunningSimulator> => {
    simulatorStarts += 1;
    return options.simulator ?? SIMULATOR;
  };
  const providers = await chooseProviders(
    testSettings(environment),
    { start },
    { health: new ProviderHealth(), switches: new ProviderSwitches() },
    localModels,
  );
  return { providers, simulatorStarts, asked };
}

const outline = ({ stt, llm, tts }: StageProviders): string[] =>
  [stt, llm, tts].map(({ port: { info }, available }) => `${info.name}${info.simulated ? ' simulated' : ''}${available ? '' : ' missing'}`);

describe('chooseProviders', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  it.each<[name: string, environment: Record<string, string>, providers: string[], simulatorStarts: number]>([
    ['nothing', {}, ['sarvam simulated', 'openai simulated', 'elevenlabs simulated'], 1],
    ['every key', KEYS, ['sarvam', 'openai', 'elevenlabs'], 0],
    ['every address', BASE_URLS, ['sarvam', 'openai', 'elevenlabs'], 0],
    ['every key and address', { ...KEYS, ...BASE_URLS }, ['sarvam', 'openai', 'elevenlabs'], 0],
    ['Sarvam’s key', { SARVAM_API_KEY: 'k' }, ['sarvam', 'openai simulated', 'elevenlabs simulated'], 1],
    ['OpenAI’s key', { OPENAI_API_KEY: 'k' }, ['sarvam simulated', 'openai', 'elevenlabs simulated'], 1],
    ['ElevenLabs’ key', { ELEVENLABS_API_KEY: 'k' }, ['sarvam simulated', 'openai simulated', 'elevenlabs'], 1],
    ['two keys', { SARVAM_API_KEY: 'k', ELEVENLABS_API_KEY: 'k' }, ['sarvam', 'openai simulated', 'elevenlabs'], 1],
    [
      'a key and an address',
      { SARVAM_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
      ['sarvam', 'openai', 'elevenlabs simulated'],
      1,
    ],
    [
      'empty keys',
      { SARVAM_API_KEY: '', OPENAI_API_KEY: ' ', ELEVENLABS_API_KEY: '' },
      ['sarvam simulated', 'openai simulated', 'elevenlabs simulated'],
      1,
    ],
  ])('chooses the providers of all stages when the environment has %s', async (_name, environment, expected, simulatorStarts) => {
    const result = await chosen(environment);
    expect(outline(result.providers)).toEqual(expected);
    expect(result.simulatorStarts).toBe(simulatorStarts);
  });

  it('explains for each simulated stage that it is simulated and how to connect the real provider', async () => {
    const { providers } = await chosen({});
    expect(providers.stt.detail).toMatch(/demo.*SARVAM_API_KEY/);
    expect(providers.llm.detail).toMatch(/demo.*OPENAI_API_KEY/);
    expect(providers.tts.detail).toMatch(/demo.*ELEVENLABS_API_KEY/);
  });

  it('gives no explanation for a stage with a real provider', async () => {
    const { providers } = await chosen(KEYS);
    expect([providers.stt.detail, providers.llm.detail, providers.tts.detail]).toEqual([undefined, undefined, undefined]);
  });

  it('explains what is missing on the machine when simulated speech cannot work, and how to install it', async () => {
    const { providers } = await chosen(
      {},
      {
        simulator: {
          ...SIMULATOR,
          speech: {
            recogniser: { available: false, reason: 'No recogniser library.', remedy: 'apt-get install recogniser' },
            synthesiser: { available: false, reason: 'No voice library.', remedy: 'apt-get install voice' },
          },
        },
      },
    );
    expect(outline(providers)).toEqual(['sarvam simulated missing', 'openai simulated', 'elevenlabs simulated missing']);
    expect(providers.stt.detail).toMatch(/No recogniser library\..*apt-get install recogniser.*Typed/);
    expect(providers.tts.detail).toMatch(/No voice library\..*apt-get install voice.*browser/);
  });

  it('does not check for simulated speech when the real provider is configured', async () => {
    const missing = { available: false, reason: 'None.', remedy: 'some' } as const;
    const { providers } = await chosen(
      { SARVAM_API_KEY: 'k', ELEVENLABS_API_KEY: 'k' },
      { simulator: { ...SIMULATOR, speech: { recogniser: missing, synthesiser: missing } } },
    );
    expect(outline(providers)).toEqual(['sarvam', 'openai simulated', 'elevenlabs']);
  });

  describe('with a model server on this machine', () => {
    it('uses the model server under its own name and loads the model', async () => {
      const { providers, asked } = await chosen({}, { localModel: 'llama3.2:3b' });
      expect(outline(providers)).toEqual(['sarvam simulated', 'ollama', 'elevenlabs simulated']);
      expect(providers.llm.detail).toContain('llama3.2:3b');
      expect(asked).toEqual(['http://127.0.0.1:11434/v1/models', 'http://127.0.0.1:11434/v1/chat/completions']);
      expect(logger.lines).toMatchObject([{ level: 'log', line: { name: 'ollama', model: 'llama3.2:3b' } }]);
    });

    it('does not start the simulator when the other stages have real providers', async () => {
      const { simulatorStarts } = await chosen({ SARVAM_API_KEY: 'k', ELEVENLABS_API_KEY: 'k' }, { localModel: 'llama3' });
      expect(simulatorStarts).toBe(0);
    });

    it.each([
      ['there is a key', { OPENAI_API_KEY: 'k' }],
      ['there is an address', { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }],
    ])('does not look for a model server when %s', async (_name, environment) => {
      const { providers, asked } = await chosen(environment, { localModel: 'llama3' });
      expect(asked).toEqual([]);
      expect(providers.llm.port.info).toEqual({ name: 'openai', simulated: false });
    });

    it('does not look for a model server when the search is switched off', async () => {
      const { providers, asked } = await chosen({ LOCAL_MODEL_PROBE: 'false' }, { localModel: 'llama3' });
      expect(asked).toEqual([]);
      expect(providers.llm.port.info.simulated).toBe(true);
    });

    it('uses the simulator when no model server is found', async () => {
      const { providers, asked } = await chosen({});
      expect(asked).toEqual(['http://127.0.0.1:11434/v1/models']);
      expect(providers.llm.port.info).toEqual({ name: 'openai', simulated: true });
    });
  });

  describe('with fallback providers', () => {
    const FALLBACKS = {
      STT_FALLBACK: 'sarvam-legacy,simulated',
      LLM_FALLBACK: 'openai:gpt-6-luna,openai:llama3@http://127.0.0.1:11434/v1',
      TTS_FALLBACK: 'elevenlabs-http,simulated',
    };

    it('starts the simulator when it is one of the fallbacks, and lists the fallbacks of each stage', async () => {
      const { providers, simulatorStarts } = await chosen({ ...KEYS, ...FALLBACKS });
      expect(simulatorStarts).toBe(1);
      expect(outline(providers)).toEqual(['sarvam', 'openai', 'elevenlabs']);
      expect(providers.stt.fallbacks).toEqual([
        { name: 'sarvam', simulated: false },
        { name: 'sarvam', simulated: true },
      ]);
      expect([providers.stt.detail, providers.llm.detail, providers.tts.detail]).toEqual([
        'If it fails: sarvam-legacy, then the built-in demo.',
        'If it fails: openai:gpt-6-luna, then openai:llama3.',
        'If it fails: elevenlabs-http, then the built-in demo.',
      ]);
    });

    it('does not start the simulator when it is not one of the fallbacks', async () => {
      const { simulatorStarts } = await chosen({ ...KEYS, LLM_FALLBACK: 'openai:gpt-6-luna' });
      expect(simulatorStarts).toBe(0);
    });

    it('does not use the simulator as the fallback of the simulator', async () => {
      const { providers } = await chosen({ STT_FALLBACK: 'simulated', LLM_FALLBACK: 'simulated', TTS_FALLBACK: 'simulated' });
      expect([providers.stt.fallbacks, providers.llm.fallbacks, providers.tts.fallbacks]).toEqual([undefined, undefined, undefined]);
      expect(providers.stt.detail).toMatch(/SARVAM_API_KEY/);
    });

    const missing = { available: false, reason: 'None.', remedy: 'some' } as const;
    const withoutSpeech = { ...SIMULATOR, speech: { recogniser: missing, synthesiser: missing } };

    it('leaves out fallbacks that cannot work on this machine', async () => {
      const { providers } = await chosen({ ...KEYS, ...FALLBACKS }, { simulator: withoutSpeech });
      expect(providers.stt.fallbacks).toEqual([{ name: 'sarvam', simulated: false }]);
      expect(providers.tts.detail).toBe('If it fails: elevenlabs-http.');
    });

    it('uses the fallbacks when the stage’s own provider cannot work at all', async () => {
      const { providers } = await chosen({ STT_FALLBACK: 'sarvam@http://127.0.0.1:11' }, { simulator: withoutSpeech });
      expect(outline(providers)).toEqual(['sarvam', 'openai simulated', 'elevenlabs simulated missing']);
    });

    it('reveals no secret of the fallbacks', async () => {
      const { providers } = await chosen({ ...KEYS, ...FALLBACKS, LLM_FALLBACK_API_KEY: 'secret-other' });
      const published = Object.values(providers).map(({ port, detail, fallbacks }) => ({ info: port.info, detail, fallbacks }));
      expect(JSON.stringify(published)).not.toMatch(/secret|127\.0\.0\.1/);
    });
  });

  it('reveals no secret', async () => {
    const { providers } = await chosen(KEYS);
    const published = Object.values(providers).map(({ port, available, detail }) => ({ info: port.info, available, detail }));
    expect(JSON.stringify(published)).not.toContain('secret');
    expect(logger.text).not.toContain('secret');
  });
});
