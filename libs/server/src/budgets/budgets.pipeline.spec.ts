import { type FakeProviderOptions, onVirtualTime, pass } from '@parley/engine/testing';
import { BudgetedServer } from '../testing/budgeted-talk';

const QUESTION = 'what time is it';
const ANSWER = 'It is three. Or four.';
const HALF_A_DAY_MS = 12 * 3_600_000;

describe('the budgets of conversations on the pipeline', () => {
  onVirtualTime({ mayLeaveTimers: true });

  it('limit nothing unless they are set', async () => {
    const server = new BudgetedServer({});
    const { mic, sink } = await server.talk();
    for (let turn = 0; turn < 3; turn++) {
      await mic.saySomething();
      await pass(5_000);
    }
    expect(sink.of('budget_spent')).toEqual([]);
    expect(sink.state).toBe('USER_SPEAKING');
    expect(await server.metric('parley_budget_spent_total', { kind: 'turns' })).toBe(3);
    expect(await server.metric('parley_budget_spent_total', { kind: 'model_requests' })).toBe(3);
    expect(await server.metric('parley_budget_spent_total', { kind: 'voice_characters' })).toBe(3 * 'It is three.Or four.'.length);
    // The pre-roll, a second of speech and the silence that ends the turn.
    const seconds = await server.metric('parley_budget_spent_total', { kind: 'recognition_seconds' });
    expect(seconds).toBeGreaterThan(3 * 1.8);
    expect(seconds).toBeLessThan(3 * 2.5);
  });

  it('let the last turn be answered and heard to its end, and then end the conversation', async () => {
    const server = new BudgetedServer({ TURNS_PER_CONVERSATION: '2' });
    const { mic, sink } = await server.talk();
    await mic.saySomething();
    await pass(5_000);
    expect(sink.of('budget_spent')).toEqual([]);
    await mic.saySomething();
    await pass(5_000);
    expect(sink.speechMsOf(2)).toBeCloseTo(60 * 'It is three.Or four.'.length, 0);
    expect(sink.log.slice(-5)).toEqual(['turn_measured', 'state USER_SPEAKING 3', 'budget_spent', 'state IDLE 3', 'ended error']);
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'turns', scope: 'conversation' }]);
    expect(server.fakes.open).toBe(0);
    expect(await server.metric('parley_budget_refusals_total', { kind: 'turns', scope: 'conversation' })).toBe(1);
  });

  it('count a turn that is interrupted', async () => {
    const server = new BudgetedServer({ TURNS_PER_CONVERSATION: '1' });
    const { mic, sink } = await server.talk();
    await mic.saySomething();
    await mic.speak(600);
    expect(sink.of('interrupted')).toHaveLength(1);
    expect(sink.of('budget_spent')).toMatchObject([{ kind: 'turns' }]);
    expect(sink.endings).toEqual(['error']);
    expect(server.fakes.open).toBe(0);
  });

  it('do not count what several people say without being answered', async () => {
    const server = new BudgetedServer({ TURNS_PER_CONVERSATION: '1' });
    let isAnswered = false;
    const audience = { speaker: undefined, judge: () => ({ isAnswered }) };
    const { mic, sink } = await server.talk({ audience });
    await mic.saySomething();
    await pass(2_000);
    expect(sink.of('budget_spent')).toEqual([]);
    isAnswered = true;
    await mic.saySomething();
    await pass(5_000);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ final: { fullText: ANSWER } });
    expect(sink.of('budget_spent')).toHaveLength(1);
  });

  it('count drafts as requests to the model, and keep one that is answered', async () => {
    const server = new BudgetedServer({ MODEL_REQUESTS_PER_CONVERSATION: '1' }, { turns: { draftAfterSilenceMs: 200 } });
    const { mic, sink } = await server.talk();
    await mic.saySomething();
    await pass(5_000);
    expect(server.fakes.llm.replies).toHaveLength(1);
    expect(sink.of('turn_measured')).toMatchObject([{ speculative: true }]);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: ANSWER } });
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'model_requests', scope: 'conversation' }]);
    expect(sink.of('failure')).toEqual([]);
  });

  it('do not ask the model when drafts have used up the requests, and end the conversation at once', async () => {
    const server = new BudgetedServer({ MODEL_REQUESTS_PER_CONVERSATION: '1' }, { turns: { draftAfterSilenceMs: 200 } });
    const { mic, sink } = await server.talk();
    await mic.speak(1_000);
    await mic.hush(400);
    expect(server.fakes.llm.replies).toHaveLength(1);
    await mic.speak(1_000);
    await mic.hush(1_000);
    expect(server.fakes.llm.replies).toHaveLength(1);
    expect(sink.of('budget_spent')).toMatchObject([{ kind: 'model_requests' }]);
    expect(sink.of('failure')).toEqual([]);
    expect(sink.endings).toEqual(['error']);
  });

  it('count a request that failed, and do not ask again', async () => {
    const llm: FakeProviderOptions['llm'] = () => ({ tokens: [], failure: { code: 'unavailable', afterTokens: 0 } });
    const server = new BudgetedServer({ MODEL_REQUESTS_PER_CONVERSATION: '1' }, { llm });
    const { mic, sink } = await server.talk();
    await mic.saySomething();
    await pass(2_000);
    expect(server.fakes.llm.replies).toHaveLength(1);
    expect(sink.of('budget_spent')).toMatchObject([{ kind: 'model_requests' }]);
    expect(sink.of('failure')).toEqual([]);
    expect(sink.endings).toEqual(['error']);
  });

  it('let the sentence that reaches the limit of characters be heard, and the rest be read', async () => {
    const server = new BudgetedServer({ VOICE_CHARACTERS_PER_CONVERSATION: '5' });
    const { mic, sink } = await server.talk();
    await mic.saySomething();
    await pass(5_000);
    expect(server.fakes.tts.speeches.map(({ sentences }) => sentences)).toEqual([['It is three.']]);
    expect(sink.speechMsOf(1)).toBeCloseTo(60 * 'It is three.'.length, 0);
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: ANSWER } });
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'voice_characters', scope: 'conversation' }]);
    expect(sink.of('failure')).toEqual([]);
  });

  it('tell nothing of a failed voice when it is not asked, and end the conversation', async () => {
    const server = new BudgetedServer({ VOICE_CHARACTERS_PER_DAY: '5' });
    const [first, second] = [await server.talk(), await server.talk()];
    await first.mic.saySomething();
    await pass(5_000);
    await second.mic.saySomething();
    await pass(5_000);
    expect(server.fakes.tts.speeches).toHaveLength(1);
    expect(second.sink.of('failure')).toEqual([]);
    expect(second.sink.of('budget_spent')).toMatchObject([{ kind: 'voice_characters', scope: 'day', retryAfterMs: HALF_A_DAY_MS }]);
    expect(second.sink.endings).toEqual(['error']);
    expect(server.fakes.open).toBe(0);
  });

  it('let the words be answered that were heard until the limit of recognition', async () => {
    const server = new BudgetedServer({ RECOGNITION_SECONDS_PER_CONVERSATION: '1' });
    const { mic, sink } = await server.talk();
    // The limit is reached in the silence after the words.
    await mic.speak(800);
    await mic.hush(1_000);
    await pass(5_000);
    expect(server.fakes.stt.utterances.map(({ audioMs }) => audioMs)).toEqual([expect.closeTo(1_000, -2)]);
    expect(sink.of('transcript').at(-1)).toMatchObject({ text: QUESTION, isFinal: true });
    expect(sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: ANSWER } });
    expect(sink.of('budget_spent')).toEqual([{ type: 'budget_spent', kind: 'recognition_ms', scope: 'conversation' }]);
  });

  it('end the conversation of somebody who goes on speaking after the limit of recognition', async () => {
    const server = new BudgetedServer({ RECOGNITION_SECONDS_PER_CONVERSATION: '1' });
    const { mic, sink } = await server.talk();
    await mic.speak(3_000);
    expect(server.fakes.stt.utterances).toHaveLength(1);
    expect(sink.of('budget_spent')).toMatchObject([{ kind: 'recognition_ms' }]);
    expect(sink.endings).toEqual(['error']);
  });

  it('are separate for each conversation, and joint for those of one address', async () => {
    const server = new BudgetedServer({ TURNS_PER_ADDRESS_PER_DAY: '2' });
    const [first, second, other, unknown] = [
      await server.talk({ address: '192.0.2.1' }),
      await server.talk({ address: '192.0.2.1' }),
      await server.talk({ address: '192.0.2.2' }),
      await server.talk(),
    ];
    for (const { mic } of [first, second, other, unknown]) {
      await mic.saySomething();
      await pass(5_000);
    }
    expect(second.sink.of('budget_spent')).toEqual([
      { type: 'budget_spent', kind: 'turns', scope: 'address', retryAfterMs: HALF_A_DAY_MS },
    ]);
    for (const { sink } of [other, unknown]) expect(sink.of('budget_spent')).toEqual([]);
    const refused = await server.talk({ address: '192.0.2.1' });
    expect(refused.sink.log).toEqual(['budget_spent', 'ended error']);
  });

  it('refuse new conversations of a day that is spent before any vendor is asked, and take them on the next day', async () => {
    const server = new BudgetedServer({ MODEL_REQUESTS_PER_DAY: '1' });
    const first = await server.talk();
    await first.mic.saySomething();
    await pass(5_000);
    expect(first.sink.of('budget_spent')).toHaveLength(1);
    const sessions = server.fakes.stt.sessions.length;
    const refused = await server.talk();
    expect(refused.sink.events).toEqual([
      { type: 'budget_spent', kind: 'model_requests', scope: 'day', retryAfterMs: HALF_A_DAY_MS },
      { type: 'ended', reason: 'error' },
    ]);
    expect(server.fakes.stt.sessions).toHaveLength(sessions);
    expect(await server.metric('parley_budget_refusals_total', { kind: 'model_requests', scope: 'day' })).toBe(2);
    server.nowMs += HALF_A_DAY_MS;
    const next = await server.talk();
    expect(next.sink.log).toEqual(['state USER_SPEAKING 1']);
  });

  it('do not answer the next turn of another conversation when the day is spent', async () => {
    const server = new BudgetedServer({ TURNS_PER_DAY: '2' });
    const [first, second] = [await server.talk(), await server.talk()];
    for (const { mic } of [first, second, first]) {
      await mic.saySomething();
      await pass(5_000);
    }
    expect(second.sink.of('reply_text').at(-1)).toMatchObject({ final: { fullText: ANSWER } });
    expect(first.sink.of('budget_spent')).toMatchObject([{ kind: 'turns', scope: 'day' }]);
    expect(first.sink.endings).toEqual(['error']);
    expect(server.fakes.llm.replies).toHaveLength(2);
    expect(server.fakes.open).toBe(0);
  });
});
