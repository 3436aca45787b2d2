import { ProviderSwitches } from './provider-switches';

it('ProviderSwitches counts switches per stage and per pair of providers', () => {
  const switches = new ProviderSwitches();
  expect(switches.counts).toEqual([]);
  switches.add('llm', { from: 'openai', to: 'simulated' });
  switches.add('tts', { from: 'elevenlabs', to: 'simulated' });
  switches.add('llm', { from: 'openai', to: 'simulated' });
  switches.add('llm', { from: 'simulated', to: 'openai' });
  expect(switches.counts).toEqual([
    { stage: 'llm', from: 'openai', to: 'simulated', count: 2 },
    { stage: 'tts', from: 'elevenlabs', to: 'simulated', count: 1 },
    { stage: 'llm', from: 'simulated', to: 'openai', count: 1 },
  ]);
});
