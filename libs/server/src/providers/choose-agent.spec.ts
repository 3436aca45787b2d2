import { testSettings } from '../testing/test-settings';
import type { RunningSimulator } from './embedded-simulator';
import { chooseAgent } from './choose-agent';

const SPEECH: RunningSimulator['speech'] = { recogniser: { available: true }, synthesiser: { available: true } };
const urls = { sarvam: '', openai: '', elevenLabs: 'http://127.0.0.1:1' };

describe('chooseAgent', () => {
  function chosen(environment: Record<string, string>, running?: RunningSimulator) {
    const start = jest.fn(() => Promise.reject(new Error('not in this test')));
    const agent = chooseAgent(testSettings(environment), { start, running });
    return { ...agent, ...agent.port.info, overridable: [...agent.port.overridable], start };
  }

  it('chooses the configured agent with the overrides that the configuration names', () => {
    const agent = chosen({ ELEVENLABS_API_KEY: 'k', ELEVENLABS_AGENT_ID: 'a', AGENT_OVERRIDES: 'first_message, voice' });
    expect(agent).toMatchObject({ name: 'elevenlabs', simulated: false, available: true });
    expect(agent.overridable).toEqual(['firstMessage', 'voiceId']);
  });

  it('does not override any setting of the agent that the configuration does not name', () => {
    expect(chosen({ ELEVENLABS_API_KEY: 'k', ELEVENLABS_AGENT_ID: 'a' }).overridable).toEqual([]);
  });

  it('accepts a public agent at another address without a key', () => {
    expect(chosen({ ELEVENLABS_BASE_URL: 'http://127.0.0.1:1', ELEVENLABS_AGENT_ID: 'a' })).toMatchObject({ simulated: false });
  });

  it.each<Record<string, string>>([{}, { ELEVENLABS_API_KEY: 'k' }, { ELEVENLABS_AGENT_ID: 'a' }])(
    'chooses the demo, which is started later, when the environment is %j',
    (environment) => {
      const agent = chosen(environment);
      expect(agent).toMatchObject({ simulated: true, available: true, detail: expect.stringContaining('ELEVENLABS_AGENT_ID') });
      expect(agent.overridable).toEqual(['prompt', 'firstMessage', 'language', 'voiceId']);
      expect(agent.start).not.toHaveBeenCalled();
    },
  );

  it('explains what the demo cannot do on this machine', () => {
    const withoutRecogniser = {
      urls,
      speech: { ...SPEECH, recogniser: { available: false as const, reason: 'No recogniser.', remedy: 'recogniser' } },
    };
    const withoutVoice = { urls, speech: { ...SPEECH, synthesiser: { available: false as const, reason: 'No voice.', remedy: 'voice' } } };
    expect(chosen({}, withoutRecogniser)).toMatchObject({ available: false, detail: expect.stringContaining('No recogniser.') });
    expect(chosen({}, withoutVoice)).toMatchObject({ available: false, detail: expect.stringContaining('No voice.') });
    expect(chosen({}, { urls, speech: SPEECH })).toMatchObject({ available: true });
  });
});
