import { FakeVoiceAgent } from '@parley/testing';
import { OnDemandAgent } from './on-demand-agent';

const { signal } = new AbortController();
const OPTIONS = { overrides: {}, outputSampleRateHz: 24_000 };

describe('OnDemandAgent', () => {
  function create(failures = 0) {
    const fake = new FakeVoiceAgent();
    let made = 0;
    const agent = new OnDemandAgent({
      info: { name: 'demo', simulated: true },
      overridable: new Set(['language']),
      make: async () => {
        made += 1;
        if (made <= failures) throw new Error('no memory');
        return fake;
      },
    });
    return { agent, fake, made: () => made };
  }

  it('is created for the first conversation and reused for all later ones', async () => {
    const { agent, fake, made } = create();
    agent.startWarming();
    expect([made(), agent.info.name, [...agent.overridable], agent.warm.ready]).toEqual([0, 'demo', ['language'], 0]);
    await Promise.all([agent.open(OPTIONS, () => undefined, signal), agent.open(OPTIONS, () => undefined, signal)]);
    expect([made(), fake.sessions.length, fake.isWarming]).toEqual([1, 2, true]);
    agent.close();
    expect(fake.isClosed).toBe(true);
  });

  it('tries again for the next conversation after it could not be created', async () => {
    const { agent, fake } = create(1);
    await expect(agent.open(OPTIONS, () => undefined, signal)).rejects.toThrow('no memory');
    await agent.open(OPTIONS, () => undefined, signal);
    expect(fake.sessions).toHaveLength(1);
  });

  it('closes an agent whose creation finishes after the server was shut down', async () => {
    const { agent, fake } = create();
    const opening = agent.open(OPTIONS, () => undefined, signal);
    agent.close();
    await opening;
    expect(fake.isClosed).toBe(true);
  });
});
