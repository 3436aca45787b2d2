import { SILENT_LOGGER } from '../ports/provider-logger';
import { configuredNarration, NARRATION_PROVIDERS, simulatedNarration } from './narration-providers';
import { PROVIDERS, variablesOf } from './providers';

describe('the providers of narration', () => {
  const labels: string[] = [];
  const loggerOf = (label: string) => {
    labels.push(label);
    return SILENT_LOGGER;
  };
  beforeEach(() => void (labels.length = 0));

  it.each([
    [{ ELEVENLABS_API_KEY: 'k' }],
    [{ ELEVENLABS_BASE_URL: 'http://127.0.0.1:1' }],
    [{ ELEVENLABS_API_KEY: 'k', ELEVENLABS_BASE_URL: 'ws://127.0.0.1:1' }],
  ])('are used with %j', async (environment) => {
    const narration = configuredNarration(environment, loggerOf);
    expect(narration?.info).toEqual({ name: 'elevenlabs', simulated: false });
    expect(labels).toEqual(['ElevenLabs']);
    await narration?.close();
  });

  it('are not used when nothing is configured, and the simulator takes their place', async () => {
    expect(configuredNarration({ OPENAI_API_KEY: 'k' }, loggerOf)).toBeUndefined();
    const narration = simulatedNarration('http://127.0.0.1:1', loggerOf);
    expect(narration.info).toEqual({ name: 'elevenlabs', simulated: true });
    await narration.close();
  });

  it('throw when an address can never work', () => {
    expect(() => simulatedNarration('nowhere', loggerOf)).toThrow('"nowhere" is not');
  });

  it('need no variables that the other providers do not have, so that all of them are checked and documented', () => {
    const known = new Set(variablesOf(PROVIDERS).map(({ name }) => name));
    for (const { variables } of NARRATION_PROVIDERS) for (const { name } of Object.values(variables)) expect(known).toContain(name);
  });
});
