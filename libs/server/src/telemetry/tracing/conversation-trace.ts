import type { ConversationEvent } from '@parley/engine';
import { epochMs, type ModelUse, type ObservedConversation } from '../observed-conversation';
import { type TurnOutcome, TurnOutcomes } from '../turn-outcomes';
import type { Attributes, Span } from './spans';
import { traceIdOf } from './trace-id';
import { TurnRecord } from './turn-record';
import { TurnSpans, type TurnSpansOptions } from './turn-spans';

export interface ConversationTraceOptions extends TurnSpansOptions {
  /** The time since 1970 in milliseconds. Default: that of the machine. */
  now?: () => number;
}

/**
 * The trace of one conversation, made of its events. The span of the conversation lasts until it ends; the spans of a turn are made when the turn
 * is over, and sent without waiting for the conversation.
 */
export class ConversationTrace {
  private readonly outcomes = new TurnOutcomes();
  private readonly turns: TurnSpans;
  private readonly now: () => number;
  private readonly root: Span;
  /** The turns that are not over, by their number: the one that is going on, and one of which the first words are spoken over its answer. */
  private readonly records = new Map<number, TurnRecord>();
  private turn = 1;
  private isOver = false;

  constructor(private readonly options: ConversationTraceOptions) {
    const { spans, conversation, now = epochMs } = options;
    this.now = now;
    this.turns = new TurnSpans(options);
    this.root = spans.start({
      name: 'conversation',
      atMs: now(),
      traceId: traceIdOf(conversation.conversationId),
      attributes: attributesOf(conversation),
    });
  }

  note(event: ConversationEvent): void {
    if (this.isOver) return;
    const atMs = this.now();
    const outcome = this.outcomes.note(event);
    switch (event.type) {
      case 'ended':
        return this.end(event.reason, atMs);
      case 'ending_soon':
      case 'notice':
      case 'budget_spent':
        return;
      case 'state_changed':
        this.turn = event.turn;
        if (event.phase === 'IDLE') return this.endTurns(Infinity, outcome, atMs);
        if (event.phase === 'USER_SPEAKING') return this.endTurns(event.turn, outcome, atMs);
    }
    this.recordOf(event.turn).note(event, atMs);
  }

  /** The reply may be requested before the turn is over. */
  modelAsked(use: ModelUse): void {
    if (!this.isOver) this.recordOf(this.turn).noteModel(use);
  }

  private recordOf(turn: number): TurnRecord {
    const record = this.records.get(turn) ?? new TurnRecord(turn);
    this.records.set(turn, record);
    return record;
  }

  /** Ends all turns before this one. A turn in which nothing was answered is none: the user has only been heard. */
  private endTurns(next: number, outcome: TurnOutcome | undefined, atMs: number): void {
    for (const record of [...this.records.values()].filter(({ turn }) => turn < next)) {
      this.records.delete(record.turn);
      const isAnswered = record.processingAtMs !== undefined;
      if (isAnswered || record.failures.length > 0) this.turns.end(record, isAnswered ? outcome : undefined, this.root, atMs);
    }
  }

  private end(reason: string, atMs: number): void {
    this.endTurns(Infinity, undefined, atMs);
    this.isOver = true;
    this.root.setAttribute('parley.end_reason', reason);
    if (reason === 'error') this.options.spans.fail(this.root, reason);
    this.root.end(atMs);
  }
}

function attributesOf({ conversationId, engine, language, providers }: ObservedConversation): Attributes {
  const names = Object.entries(providers).map(([stage, { name }]) => [`parley.${stage}.provider`, name] as const);
  return {
    'gen_ai.conversation.id': conversationId,
    'session.id': conversationId,
    'parley.engine': engine,
    ...(language !== undefined && { 'parley.language': language }),
    ...Object.fromEntries(names),
  };
}
