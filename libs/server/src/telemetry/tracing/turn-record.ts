import type { DraftCounts, InterruptionReason, Mark, TurnMarks } from '@parley/conversation';
import type { ConversationEvent, EngineStage } from '@parley/engine';
import type { ModelUse } from '../observed-conversation';

/** So much of what happens in one turn is kept, because a turn may have no end. */
const MOST = 32;

export interface FailedStage {
  stage: EngineStage;
  reason: string;
  atMs: number;
}

export interface ToolUse {
  name: string;
  startedAtMs: number;
  endedAtMs: number | undefined;
}

/** What is known of a turn of which the spans are made when it is over. Times are in milliseconds since 1970. */
export class TurnRecord {
  readonly failures: FailedStage[] = [];
  readonly tools: ToolUse[] = [];
  readonly modelUses: ModelUse[] = [];
  measured: { marks: TurnMarks; speculative: boolean; drafts: DraftCounts | undefined } | undefined;
  interruptedBy: InterruptionReason | undefined;
  /** When the answer began to be awaited; undefined while the user speaks. */
  processingAtMs: number | undefined;
  userText: string | undefined;
  replyText: string | undefined;
  private firstWordsAtMs: number | undefined;
  private finalAtMs: number | undefined;
  private replyEndedAtMs: number | undefined;

  constructor(readonly turn: number) {}

  note(event: ConversationEvent, atMs: number): void {
    switch (event.type) {
      case 'state_changed':
        if (event.phase === 'AI_PROCESSING') this.processingAtMs ??= atMs;
        break;
      case 'transcript':
        if (event.text !== '') this.firstWordsAtMs ??= atMs;
        if (event.isFinal) [this.finalAtMs, this.userText] = [atMs, event.text];
        break;
      case 'reply_text':
        if (!event.final) break;
        this.replyEndedAtMs ??= atMs;
        this.replyText = event.final.heardText ?? event.final.fullText;
        break;
      case 'interrupted':
        this.interruptedBy = event.reason;
        break;
      case 'failure':
        if (this.failures.length < MOST) this.failures.push({ stage: event.stage, reason: event.reason, atMs });
        break;
      case 'tool':
        this.noteTool(event.name, event.status, atMs);
        break;
      case 'turn_measured':
        this.measured = { marks: event.marks, speculative: event.speculative, drafts: event.drafts };
        break;
      default:
    }
  }

  noteModel(use: ModelUse): void {
    this.modelUses.push(use);
    if (this.modelUses.length > MOST) this.modelUses.shift();
  }

  /** When a step of the turn was taken; undefined if it was not, or that is not known. */
  at(mark: Mark): number | undefined {
    const [zeroMs, offsetMs] = [this.zeroMs, this.measured?.marks[mark]];
    return zeroMs === undefined || offsetMs === undefined ? undefined : zeroMs + offsetMs;
  }

  get startedAtMs(): number {
    const known = [this.firstWordsAtMs, this.at('speech_end'), this.at('llm_request'), this.processingAtMs, this.failures[0]?.atMs];
    return Math.min(...known.filter((atMs) => atMs !== undefined));
  }

  /** When the text of the reply was complete. */
  get replyWrittenAtMs(): number | undefined {
    return this.replyEndedAtMs;
  }

  /** The request that the reply came from: the last one that had been made when the reply's was. */
  get modelUse(): ModelUse | undefined {
    const askedAtMs = this.at('llm_request');
    const candidates = this.modelUses.filter(({ requestedAtMs }) => askedAtMs === undefined || requestedAtMs <= askedAtMs + TOLERANCE_MS);
    return candidates.at(-1);
  }

  /** The marks count from a moment that has no event of its own, so it is found by one that has both a mark and an event. */
  private get zeroMs(): number | undefined {
    const marks = this.measured?.marks ?? {};
    if (this.processingAtMs !== undefined && marks.turn_end !== undefined) return this.processingAtMs - marks.turn_end;
    if (this.finalAtMs !== undefined && marks.stt_final !== undefined) return this.finalAtMs - marks.stt_final;
    return undefined;
  }

  private noteTool(name: string, status: 'started' | 'ended', atMs: number): void {
    if (status === 'started') {
      if (this.tools.length < MOST) this.tools.push({ name, startedAtMs: atMs, endedAtMs: undefined });
      return;
    }
    const open = this.tools.find((tool) => tool.name === name && tool.endedAtMs === undefined);
    if (open) open.endedAtMs = atMs;
  }
}

/** By how much the clocks of a mark and of a request may differ. */
const TOLERANCE_MS = 20;
