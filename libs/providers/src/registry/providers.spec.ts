import { SILENT_LOGGER } from '../ports/provider-logger';
import { OPENAI_PROVIDER } from '../openai/provider';
import { NO_KEY } from './no-key';
import type { Provider } from './provider-descriptor';
import { valuesOf } from './provider-variable';
import { howToConfigure, neededVariables, PROVIDERS, providersOf, variablesOf } from './providers';

const STAGES = ['stt', 'llm', 'tts', 'agent'] as const;
const called = ({ stage, name }: Provider): string => `${stage} ${name}`;
const TABLE = PROVIDERS.map((provider) => [called(provider), provider] as const);

describe('the provider registry', () => {
  it('has unique provider names within a stage, and at least one provider for every stage', () => {
    expect(new Set(PROVIDERS.map(called)).size).toBe(PROVIDERS.length);
    for (const stage of STAGES) expect(providersOf(stage).length).toBeGreaterThan(0);
  });

  it('gives a variable the same meaning for every provider that uses it', () => {
    for (const { variables } of PROVIDERS)
      for (const variable of Object.values(variables)) expect(variablesOf(PROVIDERS)).toContain(variable);
  });

  it('names the variables that must be set for each stage', () => {
    expect(STAGES.map((stage) => howToConfigure(stage))).toEqual([
      'SARVAM_API_KEY',
      'OPENAI_API_KEY',
      'ELEVENLABS_API_KEY',
      'ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID',
    ]);
  });

  it('names all ways to configure a stage that has several providers', () => {
    const other = {
      ...OPENAI_PROVIDER,
      name: 'other',
      variables: { apiKey: { name: 'OTHER_KEY', kind: 'key', doc: 'A key.' } },
    } as Provider;
    expect(howToConfigure('llm', [...PROVIDERS, other])).toBe('OPENAI_API_KEY or OTHER_KEY');
  });
});

describe.each(TABLE)('the provider %s', (_name, provider) => {
  const variables = Object.values(provider.variables);
  const defaults = valuesOf(provider.variables, {});
  const needed = Object.fromEntries(neededVariables(provider).map(({ name }) => [name, 'something']));

  it('has a name that can stand in a list of fallbacks', () => {
    expect(provider.name).toMatch(/^[a-z][a-z\d-]*$/);
  });

  it('documents each variable in whole sentences', () => {
    for (const { name, doc } of variables) {
      expect(name).toMatch(/^[A-Z][A-Z\d_]*$/);
      expect(doc).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has defaults that its own validation accepts', () => {
    for (const variable of variables) {
      if (variable.kind === 'text' && variable.default !== undefined) expect(variable.default).toMatch(variable.pattern);
      if (variable.kind !== 'text') expect(variable.default).toBeUndefined();
    }
  });

  it('is not configured by its defaults alone, but is once the variables that it needs are set', () => {
    expect(provider.isConfigured(defaults)).toBe(false);
    expect(provider.isConfigured(valuesOf(provider.variables, needed))).toBe(true);
  });

  it('makes an adapter from its values without opening a connection', () => {
    const values = { ...valuesOf(provider.variables, needed), apiKey: NO_KEY, baseUrl: 'http://127.0.0.1:9' };
    const options = { values, simulated: true, logger: SILENT_LOGGER, maxTokens: 100, overridable: [], warmSessions: 0 };
    expect(provider.make(options).info).toEqual({ name: provider.name.replace(/-(legacy|http)$/, ''), simulated: true });
    expect(() => provider.make({ ...options, values: { ...values, baseUrl: 'nowhere' } })).toThrow();
  });
});

describe('the models that are requested from OpenAI itself', () => {
  const models = (values: object) =>
    OPENAI_PROVIDER.vendorModels?.({ apiKey: undefined, baseUrl: undefined, model: 'gpt-5, gpt-4o', ...values });

  it.each<[string, object, string[]]>([
    ['an API key is set', { apiKey: 'k' }, ['gpt-5', 'gpt-4o']],
    ['the address is one of OpenAI’s own', { baseUrl: 'https://eu.api.openai.com/v1' }, ['gpt-5', 'gpt-4o']],
    ['no API key is set', {}, []],
    ['the address is another server', { apiKey: 'k', baseUrl: 'http://127.0.0.1:11434/v1' }, []],
  ])('are listed correctly when %s', (_name, values, expected) => {
    expect(models(values)).toEqual(expected);
  });
});
