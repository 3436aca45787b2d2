import { CONVERSATION_STARTED, publicConfig } from '@parley/client/testing';
import { providerRows } from './provider-rows';

describe('providerRows', () => {
  it('lists the providers before and during a conversation', () => {
    const before = providerRows(publicConfig(), undefined);
    expect(before.map(({ stage, name, simulated }) => [stage, name, simulated])).toEqual([
      ['Speech recognition', 'sarvam', true],
      ['Language model', 'openai', false],
      ['Voice', 'elevenlabs', true],
    ]);
    const during = providerRows(publicConfig(), { ...CONVERSATION_STARTED.providers, tts: { name: 'other', simulated: false } });
    expect(during.map(({ name }) => name)).toEqual(['sarvam', 'openai', 'other']);
    expect(providerRows(undefined, CONVERSATION_STARTED.providers).map(({ name }) => name)).toEqual(['sarvam', 'openai', 'elevenlabs']);
    expect(providerRows(undefined, undefined)).toEqual([]);
  });

  it('describes the agent as the server announced it, before and during a conversation', () => {
    const agent = { name: 'elevenlabs', simulated: true, available: true, detail: 'Set a key.' };
    const row = { stage: 'Voice agent', name: 'elevenlabs', simulated: true, available: true, detail: 'Set a key.' };
    const config = { ...publicConfig(), agent };
    expect(providerRows(config, undefined, 'agent')).toEqual([row]);
    expect(providerRows(config, { agent: { name: 'elevenlabs', simulated: true } }, 'agent')).toEqual([row]);
    expect(providerRows({ ...config, agent: { ...agent, available: false } }, undefined, 'agent')).toEqual([{ ...row, available: false }]);
    expect(providerRows(config, undefined).map(({ stage }) => stage)).not.toContain('Voice agent');
  });

  it('lists only the agent during a conversation with the agent', () => {
    const missing = publicConfig({ tts: { name: 'none', simulated: false, available: false } });
    const rows = providerRows(missing, { agent: { name: 'elevenlabs', simulated: true } }, 'agent');
    expect(rows.map(({ stage, name }) => [stage, name])).toEqual([['Voice agent', 'elevenlabs']]);
  });

  it('keeps listing a stage that is missing, with the reason', () => {
    const config = publicConfig({ tts: { name: 'none', simulated: false, available: false, detail: 'No voice is installed.' } });
    const { stt, llm } = CONVERSATION_STARTED.providers;
    const rows = providerRows(config, { stt, llm });
    expect(rows.at(-1)).toEqual({ stage: 'Voice', name: '', simulated: false, available: false, detail: 'No voice is installed.' });
  });
});
