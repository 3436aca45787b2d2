import type { TurnMarks } from '@parley/conversation';
import { type ConversationState, type InterruptionReason, OUTPUT_SAMPLE_RATE_HZ, type ServerMessage } from '@parley/protocol';
import type { CharacterAlignment } from '@parley/providers';
import type { AudioOutbox } from '../session/audio-outbox';
import type { PlaybackReport } from '../session/conversation-engine';
import { AgentReply } from './agent-reply';
import type { ConversationHistory } from './conversation-history';

/** Where what happens in the turns goes. */
export interface AgentTurnsPorts {
  tell(message: ServerMessage): void;
  outbox: Pick<AudioOutbox, 'push' | 'finish' | 'cancel'>;
  history: ConversationHistory;
  /** Something was said or heard: the conversation is alive. */
  active(): void;
  /** A reply is over, one way or the other, and the user has the word. */
  quiet(): void;
  /** The agent owes an answer and gives none. */
  stalled(): void;
  /** The user stopped the agent without the agent noticing. */
  stoppedHere(heard: string): void;
  now(): number;
}

export interface AgentTurnsOptions {
  /** An answer that is owed must come within this. */
  stallTimeoutMs: number;
  playerBufferMs: number;
}

/** What is not to be heard: the rest of a reply that was stopped here (`textDue`: its text is still to come), or words said before. */
type Muted = { textDue: boolean } | { words: string };

/** A reply of which all was heard is over after this long without more; the vendor does not tell. */
const MORE_AUDIO_WITHIN_MS = 400;
/** A reply whose last letter was spoken gets no more audio after this long: only the breath behind it was still to come. */
const SETTLED_AFTER_MS = 300;
/** A reply's audio comes this soon after its text, or not at all. */
const AUDIO_AFTER_TEXT_MS = 5_000;
/** After a tool was used, the agent has this long to go on speaking in the same turn. */
const MORE_AFTER_TOOL_MS = 5_000;
const SHORTEST_LOOK_MS = 20;
/** Sums of durations are not exact. */
const INAUDIBLE_MS = 1;

/**
 * Whose turn it is in a conversation whose turn-taking is the vendor's: turns are numbered here, and the states derived from what the agent
 * says and what the listener has heard of it. One timer at most; `end` stops it.
 */
export class AgentTurns {
  private phase: ConversationState = 'IDLE';
  private turn = 1;
  private reply: AgentReply | undefined;
  /** The reply that a correction is about. */
  private corrigible: AgentReply | undefined;
  private muted: Muted | undefined;
  /** Typed text that the agent may hand back as a transcript. */
  private typedText: string | undefined;
  private unfinishedWords = '';
  private toolsRunning = 0;
  private moreUntilMs = 0;
  private audioDueUntilMs = 0;
  private drainedAtMs: number | undefined;
  /** All of the reply's audio is with the outbox, which knows. */
  private finished = false;
  private usedTools = false;
  /** The agent does not know that it is speaking, and will not notice when it is interrupted. */
  private saidHere = false;
  /** There is no connection: an answer cannot come. */
  private suspended = false;
  private farewell = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ports: AgentTurnsPorts,
    private readonly options: AgentTurnsOptions,
  ) {}

  /** True while the agent has the word, or owes an answer. */
  get isBusy(): boolean {
    return this.phase === 'AI_PROCESSING' || this.phase === 'AI_SPEAKING';
  }

  get isSpeaking(): boolean {
    return this.phase === 'AI_SPEAKING';
  }

  /** The user's words that were not answered so far, not even in part. */
  get unanswered(): string | undefined {
    return this.phase === 'AI_PROCESSING' ? this.reply?.userText : undefined;
  }

  /** What the user has begun to say. */
  get halfHeard(): string {
    return this.unfinishedWords;
  }

  begin(): void {
    this.enter('USER_SPEAKING');
  }

  /** The connection is gone (`true`) or there again. */
  suspend(suspended: boolean): void {
    this.suspended = suspended;
    if (this.reply) this.reply.newsAtMs = this.ports.now();
    this.look();
  }

  /** The next reply that says this was heard already. */
  mute(words: string): void {
    this.muted = { words };
  }

  transcript(text: string, isFinal: boolean): void {
    const words = text.trim();
    if (words === '' || this.phase === 'IDLE') return;
    this.ports.active();
    if (isFinal) return this.heard(words);
    if (this.phase === 'AI_SPEAKING' && this.saidHere) this.interrupt('speech');
    this.unfinishedWords = words;
    // The reply in hand is the one before the words.
    this.ports.tell({ type: 'transcript', turn: this.isBusy ? this.turn + 1 : this.turn, text: words, is_final: false });
  }

  private heard(words: string): void {
    this.unfinishedWords = '';
    if (this.typedText === words && this.isBusy) {
      this.typedText = undefined;
      return;
    }
    if (this.isBusy) this.interrupt('speech');
    this.muted = undefined;
    this.answer(words, { stt_final: this.ports.now() });
  }

  typed(text: string): void {
    if (this.phase === 'IDLE') return;
    this.ports.active();
    if (this.isBusy) {
      this.interrupt('text');
      this.muted = this.muted && 'words' in this.muted ? this.muted : { textDue: false };
    }
    const atMs = this.ports.now();
    this.typedText = text.trim();
    this.unfinishedWords = '';
    this.answer(text, { speech_end: atMs, turn_end: atMs });
  }

  private answer(userText: string, marks: TurnMarks): void {
    // What was interrupted may have been the last thing to wait for.
    if (this.phase === 'IDLE') return;
    this.reply = this.newReply(userText, marks);
    this.ports.history.userSaid(this.turn, userText);
    this.enter('AI_PROCESSING');
    this.ports.tell({ type: 'transcript', turn: this.turn, text: userText, is_final: true });
    this.look();
  }

  replyPart(text: string): void {
    if (this.isMuted()) return;
    const reply = this.speaking();
    if (!reply) return;
    reply.addPart(text, this.ports.now());
    this.expectAudioOf(reply);
    this.ports.tell({ type: 'text_response', turn: reply.turn, text, is_final: false });
    this.look();
  }

  replyText(text: string): void {
    if (text.trim() === '' || this.isMuted(text)) return;
    const reply = this.speaking();
    if (!reply) return;
    const added = reply.addText(text, this.ports.now());
    this.expectAudioOf(reply);
    this.ports.history.agentSaid(reply.turn, reply.text);
    this.ports.tell({ type: 'text_response', turn: reply.turn, text: added, is_final: true, full_text: reply.text });
    this.look();
  }

  /** What the agent takes to have been heard of the reply that was stopped last. */
  corrected(text: string): void {
    const reply = this.corrigible;
    if (!reply || this.phase === 'IDLE') return;
    this.ports.history.agentSaid(reply.turn, text);
    this.ports.tell({ type: 'text_response', turn: reply.turn, text: '', is_final: true, full_text: text });
  }

  audio(pcm: Int16Array, alignment: CharacterAlignment | undefined): void {
    const reply = this.muted ? undefined : this.speaking();
    if (!reply) return;
    reply.addAudio(pcm, alignment, this.ports.now());
    this.drainedAtMs = undefined;
    this.audioDueUntilMs = 0;
    this.ports.outbox.push(reply.turn, reply.turn, pcm);
    this.look();
  }

  /** Says something that no vendor is needed for any more. */
  say(text: string, pcm: Int16Array): void {
    this.replyText(text);
    this.audio(pcm, undefined);
    this.saidHere = true;
    this.noMoreAudio();
  }

  /** All of the reply's audio has come. */
  noMoreAudio(): void {
    const { reply } = this;
    if (this.phase === 'AI_SPEAKING' && reply) this.finish(reply);
    this.look();
  }

  /** The agent has stopped itself: the user speaks. */
  interruptedByVoice(): void {
    this.muted = undefined;
    // Where no reply has begun, it was about an earlier one.
    if (this.phase === 'AI_SPEAKING') this.interrupt('speech');
  }

  /** The stop button. */
  stop(): void {
    const { reply } = this;
    if (!this.isBusy || !reply) return;
    const heard = this.heardOf(reply) ?? '';
    this.ports.active();
    this.interrupt('button');
    this.muted = { textDue: reply.text === '' };
    // The agent goes on speaking for itself: what it will take to have been heard was not.
    this.corrigible = undefined;
    if (reply.text !== '') this.ports.history.agentSaid(reply.turn, `${heard}…`);
    this.ports.stoppedHere(heard);
  }

  toolStarted(): void {
    this.toolsRunning += 1;
    this.usedTools = true;
    this.look();
  }

  toolEnded(): void {
    this.toolsRunning -= 1;
    this.moreUntilMs = this.ports.now() + MORE_AFTER_TOOL_MS;
    if (this.reply) this.reply.newsAtMs = this.ports.now();
    this.look();
  }

  played(report: PlaybackReport): void {
    const { reply } = this;
    if (!reply || report.turn !== reply.turn) return;
    reply.played(report, this.ports.now());
    this.look();
  }

  audioSent(turn: number, durationMs: number): void {
    if (turn === this.reply?.turn) this.reply.sent(durationMs, this.ports.now());
    this.ports.active();
  }

  /** What the agent says now are its last words; it need not say any. */
  sayGoodbye(): void {
    this.farewell = true;
    this.look();
  }

  /** The user has the word again, although the agent owes an answer. */
  giveUp(): void {
    if (this.phase === 'AI_PROCESSING') this.complete();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    clearTimeout(this.timer);
    if (this.phase === 'IDLE') return;
    const { reply } = this;
    this.reply = undefined;
    if (reply) {
      this.ports.outbox.cancel(reply.turn);
      this.tellMetrics(reply, this.heardOf(reply));
    }
    this.enter('IDLE');
  }

  private newReply(userText: string | undefined, marks: TurnMarks): AgentReply {
    this.drainedAtMs = undefined;
    this.audioDueUntilMs = 0;
    this.finished = false;
    this.saidHere = false;
    this.usedTools = this.toolsRunning > 0;
    const { playerBufferMs } = this.options;
    return new AgentReply({ turn: this.turn, userText, marks, outputRateHz: OUTPUT_SAMPLE_RATE_HZ, playerBufferMs }, this.ports.now());
  }

  /** The reply that the agent is giving; it begins where none was owed, and anew where the last one had come to its end. */
  private speaking(): AgentReply | undefined {
    if (this.phase === 'AI_SPEAKING' && this.finished) this.complete();
    if (this.phase === 'IDLE') return undefined;
    const reply = (this.reply ??= this.newReply(undefined, {}));
    this.corrigible = reply;
    this.moreUntilMs = 0;
    // Clients know no way from listening to speaking but this.
    if (this.phase === 'USER_SPEAKING') this.enter('AI_PROCESSING');
    if (this.phase !== 'AI_SPEAKING') this.enter('AI_SPEAKING');
    return reply;
  }

  /** Whether a piece of text (or the whole `text`) is not to be told. A reply after the muted one ends it. */
  private isMuted(text?: string): boolean {
    const { muted } = this;
    if (this.phase === 'IDLE') return true;
    if (!muted) return false;
    if ('words' in muted) {
      if (text === undefined || text.trim() === muted.words.trim()) return true;
    } else if (muted.textDue) {
      if (text !== undefined) muted.textDue = false;
      return true;
    }
    this.muted = undefined;
    return false;
  }

  /** Text of which nothing can be heard yet: its audio is on its way. */
  private expectAudioOf(reply: AgentReply): void {
    const atMs = this.ports.now();
    if (reply.leftMs(atMs) <= INAUDIBLE_MS) this.audioDueUntilMs = atMs + AUDIO_AFTER_TEXT_MS;
  }

  private finish(reply: AgentReply): void {
    if (this.finished) return;
    this.finished = true;
    if (reply.hasAudio) this.ports.outbox.finish(reply.turn, reply.turn);
  }

  private interrupt(reason: InterruptionReason): void {
    const { reply, turn } = this;
    this.ports.outbox.cancel(turn);
    this.ports.tell({ type: 'interruption', turn, reason });
    if (reply) this.leave(reply, this.heardOf(reply));
  }

  /** The reply was heard to its end, or nobody waits for it any more. */
  private complete(): void {
    const { reply } = this;
    if (!reply) return;
    // What a player that stands still has not taken is of no use any more.
    this.ports.outbox.cancel(reply.turn);
    this.finish(reply);
    this.leave(reply);
  }

  private leave(reply: AgentReply, heard?: string): void {
    this.tellMetrics(reply, heard);
    this.reply = undefined;
    this.typedText = undefined;
    this.turn += 1;
    this.enter('USER_SPEAKING');
    this.ports.active();
    this.look();
    this.ports.quiet();
  }

  private tellMetrics(reply: AgentReply, heard?: string): void {
    const metrics = reply.metrics(heard);
    if (metrics) this.ports.tell(metrics);
  }

  private heardOf(reply: AgentReply): string | undefined {
    return reply.hasAudio ? reply.heard(this.ports.now()) : undefined;
  }

  private enter(phase: ConversationState): void {
    this.phase = phase;
    this.ports.tell({ type: 'state', state: phase, turn: this.turn });
  }

  /** Looks whether the phase is over, and else when to look again. */
  private look(): void {
    clearTimeout(this.timer);
    const { reply } = this;
    const againMs = reply && (this.phase === 'AI_SPEAKING' ? this.speechLeftMs(reply) : this.patienceLeftMs(reply));
    if (againMs === undefined) return;
    if (againMs > 0) this.timer = setTimeout(() => this.look(), Math.max(SHORTEST_LOOK_MS, againMs));
    else if (this.phase === 'AI_SPEAKING') this.complete();
    else {
      if (!this.farewell) this.ports.stalled();
      this.giveUp();
    }
  }

  private patienceLeftMs(reply: AgentReply): number | undefined {
    if (this.suspended) return undefined;
    return reply.newsAtMs + (this.farewell ? MORE_AFTER_TOOL_MS : this.options.stallTimeoutMs) - this.ports.now();
  }

  /** Until a reply whose last letter has come is taken to be complete; undefined where there is nothing to wait for. */
  private settlesInMs(reply: AgentReply, atMs: number): number | undefined {
    if (this.finished || this.usedTools || !reply.isWhole) return undefined;
    return Math.max(0, reply.newsAtMs + SETTLED_AFTER_MS - atMs);
  }

  /** Until the reply may be over; 0 when it is. */
  private speechLeftMs(reply: AgentReply): number {
    const atMs = this.ports.now();
    const leftMs = reply.leftMs(atMs);
    const settlesInMs = this.settlesInMs(reply, atMs);
    if (settlesInMs === 0) this.finish(reply);
    if (reply.isStuck(atMs)) return 0;
    if (leftMs > INAUDIBLE_MS) return Math.min(leftMs, settlesInMs || Infinity);
    if (this.toolsRunning > 0) return this.options.stallTimeoutMs;
    if (this.finished) return 0;
    this.drainedAtMs ??= atMs;
    return Math.max(this.drainedAtMs + MORE_AUDIO_WITHIN_MS, this.moreUntilMs, this.audioDueUntilMs) - atMs;
  }
}
