import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import type { ConversationEvent } from '@parley/engine';
import type { ModelUse, ObservedConversation } from '../observed-conversation';
import { ConversationTrace } from './conversation-trace';
import { SdkSpans } from './sdk-spans';

const CONVERSATION: ObservedConversation = {
  conversationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  engine: 'pipeline',
  language: 'en-IN',
  providers: {
    stt: { name: 'sarvam', model: undefined, simulated: false },
    llm: { name: 'openai', model: 'gpt-4o', simulated: true },
    tts: { name: 'elevenlabs', model: undefined, simulated: false },
  },
};
const SETTINGS = { serviceName: 'parley', attributes: { region: 'eu' }, sampledShare: 1, timeoutMs: 1_000 };
const MARKS = {
  speech_end: 0,
  turn_end: 900,
  stt_final: 410,
  llm_request: 300,
  llm_first_token: 700,
  tts_request: 750,
  tts_first_audio: 1_000,
  audio_sent: 1_005,
  playback_started: 1_205,
};
/** The last voiced sample of the turn. */
const ZERO_MS = Date.UTC(2026, 0, 1);

type Phase = Extract<ConversationEvent, { type: 'state_changed' }>['phase'];
const phase = (name: Phase, turn = 1): ConversationEvent => ({ type: 'state_changed', phase: name, turn });
const measured: ConversationEvent = {
  type: 'turn_measured',
  turn: 1,
  marks: MARKS,
  speculative: true,
  drafts: { started: 2, kept: 1, cancelled: 1, wastedCharacters: 0, wastedTokens: 3 },
};
const USE: ModelUse = {
  requestedAtMs: ZERO_MS + 300,
  firstChunkAtMs: ZERO_MS + 700,
  endedAtMs: ZERO_MS + 1_500,
  result: 'completed',
  finishReason: 'stop',
  inputTokens: 40,
  outputTokens: 12,
  isEstimated: false,
};

/** A conversation of which the time is set by the test. */
class Recorded {
  nowMs = ZERO_MS - 5_000;
  readonly exporter = new InMemorySpanExporter();
  readonly trace: ConversationTrace;

  constructor({ transcripts = false, conversation = CONVERSATION, sampledShare = 1 } = {}) {
    const spans = new SdkSpans({ ...SETTINGS, sampledShare }, this.exporter, new SimpleSpanProcessor({ exporter: this.exporter }));
    this.trace = new ConversationTrace({ spans, conversation, transcripts, now: () => this.nowMs });
    this.at(-4_000, phase('USER_SPEAKING'));
  }

  /** Something happens so many milliseconds after the last voiced sample. */
  at(offsetMs: number, event: ConversationEvent): this {
    this.nowMs = ZERO_MS + offsetMs;
    this.trace.note(event);
    return this;
  }

  /** A whole turn, and then the end of the conversation. */
  turn(): this {
    this.at(-1_000, { type: 'transcript', turn: 1, text: 'what time', isFinal: false });
    this.trace.modelAsked({ ...USE, requestedAtMs: ZERO_MS - 500, endedAtMs: undefined, result: undefined });
    this.trace.modelAsked(USE);
    return this.at(410, { type: 'transcript', turn: 1, text: 'what time is it', isFinal: true })
      .at(900, phase('AI_PROCESSING'))
      .at(905, phase('AI_SPEAKING'))
      .at(1_500, { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon.' } })
      .at(4_000, measured)
      .at(4_000, phase('USER_SPEAKING', 2));
  }

  end(reason: 'client' | 'error' = 'client'): this {
    return this.at(9_000, phase('IDLE', 2)).at(9_000, { type: 'ended', reason });
  }

  get spans(): ReadableSpan[] {
    return this.exporter.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    expect(found.map(({ name: its }) => its)).toEqual([name]);
    return found[0] as ReadableSpan;
  }

  /** From when to when a span lasts, in milliseconds after the last voiced sample. */
  times(name: string): [number, number] {
    const { startTime, endTime } = this.span(name);
    const offset = ([s, ns]: [number, number]): number => Math.round(s * 1_000 - ZERO_MS + ns / 1e6);
    return [offset(startTime), offset(endTime)];
  }
}

describe('the trace of a conversation', () => {
  it('has one span for each turn and in it one for each stage, with the times of the marks', () => {
    const recorded = new Recorded().turn().end();
    const names = ['speech_to_text', 'chat gpt-4o', 'text_to_speech', 'playback', 'turn', 'conversation'];
    expect(recorded.spans.map(({ name }) => name)).toEqual(names);
    expect(names.map((name) => recorded.times(name))).toEqual([
      [0, 410],
      [300, 1_500],
      [750, 1_000],
      [1_205, 4_000],
      [-1_000, 4_000],
      [-5_000, 9_000],
    ]);
    const turn = recorded.span('turn');
    for (const name of names.slice(0, 4)) expect(recorded.span(name).parentSpanContext?.spanId).toBe(turn.spanContext().spanId);
    expect(turn.parentSpanContext?.spanId).toBe(recorded.span('conversation').spanContext().spanId);
    expect(recorded.span('conversation').parentSpanContext).toBeUndefined();
  });

  it('can be found by the id of the conversation', () => {
    const traces = new Recorded()
      .turn()
      .end()
      .spans.map((span) => span.spanContext().traceId);
    expect(new Set(traces)).toEqual(new Set(['0f8fad5bd9cb469fa16570867728950e']));
    const other = new Recorded({ conversation: { ...CONVERSATION, conversationId: 'AJ_room-2' } }).end();
    expect(other.span('conversation').spanContext().traceId).toMatch(/^[\da-f]{32}$/);
  });

  it('names the model, its tokens and the time to its first chunk as the conventions of GenAI do', () => {
    const { attributes } = new Recorded().turn().span('chat gpt-4o');
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.conversation.id': CONVERSATION.conversationId,
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.output.type': 'text',
      'gen_ai.usage.input_tokens': 40,
      'gen_ai.usage.output_tokens': 12,
      'parley.usage.estimated': false,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.4,
      'parley.simulated': true,
    });
  });

  it('describes the turn and its drafts', () => {
    expect(new Recorded().turn().span('turn').attributes).toMatchObject({
      'parley.turn': 1,
      'parley.turn.outcome': 'answered',
      'parley.turn.drafted': true,
      'parley.drafts.cancelled': 1,
      'parley.mark.playback_started_ms': 1_205,
      'session.id': CONVERSATION.conversationId,
    });
  });

  it('sends the spans of a turn before the conversation is over', () => {
    expect(new Recorded().turn().spans.map(({ name }) => name)).toContain('turn');
  });

  it('has no span for a turn in which nothing was answered', () => {
    const recorded = new Recorded().at(0, { type: 'transcript', turn: 1, text: '', isFinal: true }).end();
    expect(recorded.spans.map(({ name }) => name)).toEqual(['conversation']);
  });

  it('marks a stage that failed, and the turn that failed with it', () => {
    const recorded = new Recorded()
      .at(900, phase('AI_PROCESSING'))
      .at(1_700, { type: 'failure', turn: 1, stage: 'llm', reason: 'timeout', fatal: false })
      .at(4_000, { ...measured, marks: { speech_end: 0, turn_end: 900, llm_request: 300 } })
      .at(4_000, phase('USER_SPEAKING', 2));
    expect(recorded.times('chat gpt-4o')).toEqual([300, 1_700]);
    for (const name of ['chat gpt-4o', 'turn']) {
      expect(recorded.span(name)).toMatchObject({ status: { code: 2, message: 'timeout' }, attributes: { 'error.type': 'timeout' } });
    }
  });

  it('marks a stage that failed while the user still spoke', () => {
    const recorded = new Recorded().at(0, { type: 'failure', turn: 1, stage: 'stt', reason: 'auth', fatal: false }).end();
    expect(recorded.span('speech_to_text').status).toEqual({ code: 2, message: 'auth' });
  });

  it('says what interrupted a turn, and keeps the words that are spoken over its answer apart from it', () => {
    const recorded = new Recorded({ transcripts: true })
      .at(100, { type: 'transcript', turn: 1, text: 'tell me a story', isFinal: true })
      .at(900, phase('AI_PROCESSING'))
      .at(905, phase('AI_SPEAKING'))
      .at(2_000, { type: 'transcript', turn: 2, text: 'stop', isFinal: false })
      .at(2_000, { type: 'interrupted', turn: 1, reason: 'speech' })
      .at(2_000, phase('USER_SPEAKING', 2));
    expect(recorded.span('turn').attributes).toMatchObject({
      'parley.turn.outcome': 'interrupted',
      'parley.interruption.reason': 'speech',
    });
    expect(recorded.span('turn').attributes['gen_ai.input.messages']).toContain('tell me a story');
  });

  it("has a span for each use of a tool, and the agent's failure", () => {
    const agent = { name: 'elevenlabs', model: undefined, simulated: false };
    const recorded = new Recorded({ conversation: { ...CONVERSATION, engine: 'agent', providers: { agent } } })
      .at(900, phase('AI_PROCESSING'))
      .at(1_000, { type: 'tool', turn: 1, name: 'get_current_time', status: 'started' })
      .at(1_200, { type: 'tool', turn: 1, name: 'get_current_time', status: 'ended' })
      .at(1_300, { type: 'failure', turn: 1, stage: 'agent', reason: 'connection_lost', fatal: true })
      .end('error');
    expect(recorded.times('execute_tool get_current_time')).toEqual([1_000, 1_200]);
    expect(recorded.span('invoke_agent')).toMatchObject({ attributes: { 'gen_ai.provider.name': 'elevenlabs' }, status: { code: 2 } });
    expect(recorded.span('conversation').status).toEqual({ code: 2, message: 'error' });
  });

  it('ends what is open when the conversation ends in the middle of an answer', () => {
    const recorded = new Recorded().at(900, phase('AI_PROCESSING')).at(1_000, { type: 'ended', reason: 'server_shutdown' });
    expect(recorded.times('turn')).toEqual([900, 1_000]);
    expect(recorded.span('conversation').attributes['parley.end_reason']).toBe('server_shutdown');
    recorded.turn().end();
    expect(recorded.spans).toHaveLength(2);
  });

  it('holds nothing of what was said unless that is wanted', () => {
    const written = (transcripts: boolean): string =>
      JSON.stringify(
        new Recorded({ transcripts })
          .turn()
          .end()
          .spans.map(({ attributes }) => attributes),
      );
    expect(written(false)).not.toMatch(/what time|noon/);
    expect(written(true)).toContain('what time is it');
    expect(written(true)).toContain('It is noon.');
  });

  it('is not made for a conversation that is not in the sample', () => {
    expect(new Recorded({ sampledShare: 0 }).turn().end().spans).toEqual([]);
  });

  it('keeps a bounded amount of a turn that does not end', () => {
    const recorded = new Recorded().at(900, phase('AI_PROCESSING'));
    for (let use = 0; use < 1_000; use += 1) recorded.at(1_000, { type: 'tool', turn: 1, name: 'get_current_time', status: 'started' });
    expect(recorded.end().spans.length).toBeLessThan(40);
  });
});
