import type { Stage } from '@parley/conversation';
import { EnvironmentError, parseEnvironment } from './parse-environment';
import { parseFallbacks } from './fallback-list';
import { settingsFrom } from './settings';

const VARIABLE: Record<Stage, string> = { stt: 'STT_FALLBACK', llm: 'LLM_FALLBACK', tts: 'TTS_FALLBACK' };
const KEYS = { SARVAM_API_KEY: 's', OPENAI_API_KEY: 'o', ELEVENLABS_API_KEY: 'e' };

function mistakeOf(stage: Stage, list: string, environment: Record<string, string> = KEYS): string | undefined {
  try {
    parseEnvironment({ ...environment, [VARIABLE[stage]]: list });
    return undefined;
  } catch (error) {
    if (error instanceof EnvironmentError) return error.mistakes.join('; ');
    throw error;
  }
}

describe('a list of fallbacks', () => {
  it.each<[Stage, string, object]>([
    ['stt', 'simulated', { provider: 'simulated' }],
    ['stt', 'sarvam-legacy', { provider: 'sarvam-legacy' }],
    ['stt', 'sarvam@https://other.example', { provider: 'sarvam', address: 'https://other.example' }],
    ['stt', 'sarvam-legacy@wss://other.example', { provider: 'sarvam-legacy', address: 'wss://other.example' }],
    ['llm', 'openai:gpt-6-luna', { provider: 'openai', model: 'gpt-6-luna' }],
    ['llm', 'openai@http://127.0.0.1:8000/v1', { provider: 'openai', address: 'http://127.0.0.1:8000/v1' }],
    [
      'llm',
      'openai:llama3.2:3b@http://127.0.0.1:11434/v1',
      { provider: 'openai', model: 'llama3.2:3b', address: 'http://127.0.0.1:11434/v1' },
    ],
    [
      'llm',
      'openai:@cf/meta/llama@https://ai.example/v1',
      { provider: 'openai', model: '@cf/meta/llama', address: 'https://ai.example/v1' },
    ],
    ['tts', 'elevenlabs:eleven_multilingual_v2', { provider: 'elevenlabs', model: 'eleven_multilingual_v2' }],
    ['tts', 'elevenlabs@https://api.eu.example', { provider: 'elevenlabs', address: 'https://api.eu.example' }],
    ['tts', 'elevenlabs-http', { provider: 'elevenlabs-http' }],
    [
      'tts',
      'elevenlabs-http:eleven_v3@https://a.example',
      { provider: 'elevenlabs-http', model: 'eleven_v3', address: 'https://a.example' },
    ],
  ])('for the stage %s may contain the entry %s', (stage, text, expected) => {
    expect(mistakeOf(stage, text)).toBeUndefined();
    expect(parseFallbacks(stage, text)).toEqual([{ name: text, model: undefined, address: undefined, ...expected }]);
  });

  it('keeps the order of its entries and drops empty ones', () => {
    const list = ' openai:gpt-6-luna,, openai:llama3@http://127.0.0.1:11434/v1 , simulated,';
    expect(mistakeOf('llm', list)).toBeUndefined();
    expect(parseFallbacks('llm', list).map(({ provider, model }) => [provider, model])).toEqual([
      ['openai', 'gpt-6-luna'],
      ['openai', 'llama3'],
      ['simulated', undefined],
    ]);
    expect(parseFallbacks('tts', undefined)).toEqual([]);
  });

  it.each<[Stage, string, RegExp]>([
    ['stt', 'whisper', /^STT_FALLBACK entry 1 must be simulated or sarvam@address or sarvam-legacy\[@address\]$/],
    ['stt', 'sarvam', /^STT_FALLBACK entry 1 must be sarvam@address$/],
    ['stt', 'sarvam:saaras', /^STT_FALLBACK entry 1 must be sarvam@address$/],
    ['stt', 'simulated@http://127.0.0.1', /^STT_FALLBACK entry 1 must be simulated$/],
    ['llm', 'simulated, openai', /^LLM_FALLBACK entry 2 must be openai:model, openai@address or openai:model@address$/],
    ['llm', 'openai:gpt 4', /^LLM_FALLBACK entry 1 must be /],
    ['llm', 'openai:model@other.example', /^LLM_FALLBACK entry 1 must be /],
    ['llm', 'openai:model@wss://other.example', /^LLM_FALLBACK entry 1 needs an address .* http or https/],
    ['llm', 'openai@https://user:secret@other.example/v1', /^LLM_FALLBACK entry 1 needs an address without user and password/],
    ['llm', 'sarvam-legacy', /^LLM_FALLBACK entry 1 must be simulated or openai/],
    ['tts', 'elevenlabs', /^TTS_FALLBACK entry 1 must be elevenlabs:model/],
    ['tts', 'simulated,simulated', /^TTS_FALLBACK entry 2 is there twice$/],
  ])('for the stage %s is refused when it is "%s"', (stage, list, message) => {
    expect(mistakeOf(stage, list)).toMatch(message);
    expect(mistakeOf(stage, list)).not.toContain('secret');
  });

  it.each<[Stage, string, string]>([
    ['stt', 'sarvam-legacy', 'SARVAM_API_KEY or SARVAM_BASE_URL'],
    ['llm', 'simulated,openai:gpt-6-luna', 'OPENAI_API_KEY or OPENAI_BASE_URL'],
    ['tts', 'elevenlabs:eleven_v3', 'ELEVENLABS_API_KEY or ELEVENLABS_BASE_URL'],
  ])('for the stage %s is refused when the provider of "%s" has neither a key nor an address', (stage, list, needed) => {
    expect(mistakeOf(stage, list, {})).toContain(`needs an address, or ${needed}`);
    expect(mistakeOf(stage, list)).toBeUndefined();
  });

  it('is passed on to the settings together with its key', () => {
    const { fallbacks } = settingsFrom(parseEnvironment({ LLM_FALLBACK: 'openai@http://127.0.0.1:1/v1', LLM_FALLBACK_API_KEY: 'other' }));
    expect(fallbacks.llm).toMatchObject({ entries: [{ provider: 'openai' }], apiKey: 'other' });
    expect(fallbacks.stt).toEqual({ entries: [], apiKey: undefined });
  });
});
