import type { EngineStage } from '@parley/engine';
import type { ModelUse, ObservedConversation, ObservedProvider } from '../observed-conversation';
import type { TurnOutcome } from '../turn-outcomes';
import type { Attributes, Span, Spans } from './spans';
import { message } from './spoken-messages';
import type { TurnRecord } from './turn-record';

const MS_PER_SECOND = 1000;

/** What the conventions of OpenTelemetry call the work of a stage; for speech they have no name yet. */
const OPERATIONS: Record<EngineStage, string> = { stt: 'speech_to_text', llm: 'chat', tts: 'text_to_speech', agent: 'invoke_agent' };

export interface TurnSpansOptions {
  spans: Spans;
  conversation: ObservedConversation;
  /** Whether the spans may hold what was said. */
  transcripts: boolean;
}

/** Makes the spans of a turn that is over: one for the turn, and in it one for each stage that worked, each tool, and the playback. */
export class TurnSpans {
  constructor(private readonly options: TurnSpansOptions) {}

  end(record: TurnRecord, outcome: TurnOutcome | undefined, conversation: Span, atMs: number): void {
    const { spans } = this.options;
    const startedAtMs = Math.min(record.startedAtMs, atMs);
    const parent = spans.start({ name: 'turn', atMs: startedAtMs, parent: conversation, attributes: this.turnAttributes(record, outcome) });
    this.stage('stt', record, parent, [record.at('speech_end'), record.at('stt_final')], {});
    const { modelUse } = record;
    const replyEndMs = modelUse?.endedAtMs ?? record.replyWrittenAtMs ?? record.at('llm_first_token');
    this.stage('llm', record, parent, [record.at('llm_request'), replyEndMs ?? atMs], this.modelAttributes(record, modelUse));
    const firstAudioMs = record.at('tts_first_audio');
    const toFirstAudio = firstChunk(record.at('tts_request'), firstAudioMs);
    this.stage('tts', record, parent, [record.at('tts_request'), firstAudioMs], toFirstAudio);
    this.stage('agent', record, parent, [], {});
    const playedMs = record.at('playback_started') ?? record.at('audio_sent');
    if (playedMs !== undefined) spans.start({ name: 'playback', atMs: playedMs, parent }).end(Math.max(playedMs, atMs));
    for (const { name, startedAtMs: fromMs, endedAtMs: toMs } of record.tools) {
      const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
      spans.start({ name: `execute_tool ${name}`, atMs: fromMs, parent, attributes }).end(toMs ?? atMs);
    }
    if (outcome === 'failed') spans.fail(parent, record.failures[0]?.reason ?? 'failed');
    parent.end(atMs);
  }

  /** The span of a stage. One that failed before it had a result ends with its failure. */
  private stage(stage: EngineStage, record: TurnRecord, parent: Span, [fromMs, toMs]: [number?, number?], more: Attributes): void {
    const failure = record.failures.find((failed) => failed.stage === stage);
    const startMs = fromMs ?? failure?.atMs;
    const endMs = failure?.atMs ?? toMs;
    if (startMs === undefined || endMs === undefined) return;
    const { providers } = this.options.conversation;
    const provider = providers[stage] ?? providers.agent;
    const attributes = { ...this.stageAttributes(stage, provider), ...more };
    const name = [OPERATIONS[stage], provider?.model].filter(Boolean).join(' ');
    const span = this.options.spans.start({ name, atMs: startMs, parent, attributes, isRequest: true });
    if (failure) this.options.spans.fail(span, failure.reason);
    span.end(Math.max(startMs, endMs));
  }

  private stageAttributes(stage: EngineStage, provider: ObservedProvider | undefined): Attributes {
    return {
      'gen_ai.operation.name': OPERATIONS[stage],
      'gen_ai.conversation.id': this.options.conversation.conversationId,
      ...(provider && { 'gen_ai.provider.name': provider.name, 'parley.simulated': provider.simulated }),
      ...(provider?.model !== undefined && { 'gen_ai.request.model': provider.model }),
    };
  }

  private modelAttributes(record: TurnRecord, use: ModelUse | undefined): Attributes {
    return {
      'gen_ai.output.type': 'text',
      ...(use ? usage(use) : firstChunk(record.at('llm_request'), record.at('llm_first_token'))),
      ...this.spoken(record),
    };
  }

  private turnAttributes(record: TurnRecord, outcome: TurnOutcome | undefined): Attributes {
    const { conversationId, engine } = this.options.conversation;
    const { marks = {}, speculative, drafts } = record.measured ?? {};
    return {
      'gen_ai.conversation.id': conversationId,
      'session.id': conversationId,
      'parley.engine': engine,
      'parley.turn': record.turn,
      ...(outcome && { 'parley.turn.outcome': outcome }),
      ...(record.interruptedBy && { 'parley.interruption.reason': record.interruptedBy }),
      ...(speculative !== undefined && { 'parley.turn.drafted': speculative }),
      ...(drafts && { 'parley.drafts.started': drafts.started, 'parley.drafts.cancelled': drafts.cancelled }),
      ...Object.fromEntries(Object.entries(marks).map(([mark, ms]) => [`parley.mark.${mark}_ms`, ms])),
      ...this.spoken(record),
    };
  }

  private spoken({ userText, replyText }: Pick<TurnRecord, 'userText' | 'replyText'>): Attributes {
    if (!this.options.transcripts) return {};
    return {
      ...(userText !== undefined && { 'gen_ai.input.messages': message('user', userText) }),
      ...(replyText !== undefined && { 'gen_ai.output.messages': message('assistant', replyText) }),
    };
  }
}

const firstChunk = (fromMs: number | undefined, toMs: number | undefined): Attributes =>
  fromMs === undefined || toMs === undefined ? {} : { 'gen_ai.response.time_to_first_chunk': Math.max(0, toMs - fromMs) / MS_PER_SECOND };

const usage = ({ inputTokens, outputTokens, isEstimated, finishReason, requestedAtMs, firstChunkAtMs }: ModelUse): Attributes => ({
  'gen_ai.usage.input_tokens': inputTokens,
  'gen_ai.usage.output_tokens': outputTokens,
  'parley.usage.estimated': isEstimated,
  ...(finishReason !== undefined && { 'gen_ai.response.finish_reasons': [finishReason] }),
  ...firstChunk(requestedAtMs, firstChunkAtMs),
});
