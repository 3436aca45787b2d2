import type { ConversationEvent } from '@parley/engine';
import { Registry } from 'prom-client';
import { ConversationCounts } from './conversation-counts';

const phase = (name: Extract<ConversationEvent, { type: 'state_changed' }>['phase'], turn = 1): ConversationEvent => ({
  type: 'state_changed',
  phase: name,
  turn,
});

describe('ConversationCounts', () => {
  let registry: Registry;
  let counts: ConversationCounts;
  beforeEach(() => {
    registry = new Registry();
    counts = new ConversationCounts(registry);
  });

  /** The lines that are not 0. */
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line) && !line.endsWith(' 0'));

  it('has each engine, state and reason before anything has happened', async () => {
    const text = await registry.metrics();
    for (const name of [
      'parley_conversations{engine="agent",state="AI_SPEAKING"}',
      'parley_conversations_started_total{engine="pipeline"}',
      'parley_conversations_ended_total{engine="agent",reason="inactivity_timeout"}',
      'parley_false_cutoffs_total{engine="pipeline"}',
      'parley_tool_calls_total',
    ])
      expect(text).toContain(`${name} 0\n`);
  });

  it('follows each conversation from state to state until it ends', async () => {
    const [one, other] = [counts.observe({ engine: 'pipeline' }), counts.observe({ engine: 'agent' })];
    for (const observe of [one, other]) observe(phase('USER_SPEAKING'));
    one(phase('AI_PROCESSING'));
    expect(await lines()).toEqual([
      'parley_conversations{engine="pipeline",state="AI_PROCESSING"} 1',
      'parley_conversations{engine="agent",state="USER_SPEAKING"} 1',
      'parley_conversations_started_total{engine="pipeline"} 1',
      'parley_conversations_started_total{engine="agent"} 1',
    ]);
    one(phase('IDLE'));
    one({ type: 'ended', reason: 'client' });
    // An engine that fails may end without having told of its last state.
    other({ type: 'ended', reason: 'error' });
    expect(await lines()).toEqual([
      'parley_conversations_started_total{engine="pipeline"} 1',
      'parley_conversations_started_total{engine="agent"} 1',
      'parley_conversations_ended_total{engine="pipeline",reason="client"} 1',
      'parley_conversations_ended_total{engine="agent",reason="error"} 1',
    ]);
  });

  it('counts a conversation that could not start as ended, but not as started', async () => {
    counts.observe({ engine: 'agent' })({ type: 'ended', reason: 'error' });
    expect(await lines()).toEqual(['parley_conversations_ended_total{engine="agent",reason="error"} 1']);
  });

  it('counts turns that were cut off, and uses of tools', async () => {
    const observe = counts.observe({ engine: 'pipeline' });
    observe(phase('USER_SPEAKING'));
    observe(phase('AI_PROCESSING'));
    for (const status of ['started', 'ended'] as const) observe({ type: 'tool', turn: 1, name: 'get_current_time', status });
    observe({ type: 'interrupted', turn: 1, reason: 'speech' });
    observe(phase('USER_SPEAKING', 2));
    expect(await lines()).toEqual(expect.arrayContaining(['parley_false_cutoffs_total{engine="pipeline"} 1', 'parley_tool_calls_total 1']));
  });
});
