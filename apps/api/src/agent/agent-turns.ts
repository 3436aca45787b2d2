import type { TurnMarks } from '@parley/conversation';
import { type ConversationState, type InterruptionReason, OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import type { CharacterAlignment } from '@parley/providers';
import type { PlaybackReport } from '../session/conversation-engine';
import { AgentReply } from './agent-reply';
import type { AgentTurnsOptions, AgentTurnsPorts } from './agent-turns-ports';
import { Mute } from './mute';
import { PhaseWatch } from './phase-watch';
import { ReplyTelling } from './reply-telling';
import { SpeechEnd } from './speech-end';

/**
 * Whose turn it is in a conversation whose turn-taking is the vendor's: turns are numbered here, and the states derived from what the agent
 * says and what the listener has heard of it. `end` stops the watch.
 */
export class AgentTurns {
  private phase: ConversationState = 'IDLE';
  private turn = 1;
  private reply: AgentReply | undefined;
  private readonly mute = new Mute();
  private readonly speechEnd = new SpeechEnd();
  private readonly watch: PhaseWatch;
  private readonly telling: ReplyTelling;
  /** Typed text that the agent may hand back as a transcript. */
  private typedText: string | undefined;
  private unfinishedWords = '';
  /** The agent does not know that it is speaking, and will not notice when it is interrupted. */
  private saidHere = false;

  constructor(
    private readonly ports: AgentTurnsPorts,
    private readonly options: AgentTurnsOptions,
  ) {
    this.telling = new ReplyTelling(ports);
    this.watch = new PhaseWatch(this.speechEnd, options.stallTimeoutMs, {
      current: () => ({ phase: this.phase, reply: this.reply }),
      settled: (reply) => this.finish(reply),
      heard: () => this.complete(),
      unanswered: (wasOwed) => {
        if (wasOwed) ports.stalled();
        this.giveUp();
      },
      now: () => ports.now(),
    });
  }

  /** True while the agent has the word, or owes an answer. */
  get isBusy(): boolean {
    return this.phase === 'AI_PROCESSING' || this.phase === 'AI_SPEAKING';
  }

  /** The user's words to which nothing was heard so far. */
  get unanswered(): string | undefined {
    return this.isBusy && !this.reply?.hasAudio ? this.reply?.userText : undefined;
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
    this.watch.suspend(suspended);
    const { reply } = this;
    if (reply) reply.newsAtMs = this.ports.now();
    if (reply && !suspended && this.unanswered !== undefined) {
      // What was written of an answer that was not heard is nothing: another will come.
      reply.startOver();
      this.ports.history.forgetReply(reply.turn);
      this.speechEnd.answerDue(this.ports.now() + this.options.stallTimeoutMs);
    }
    this.watch.look();
  }

  /** The next reply that says this was heard already. */
  hearNoMore(words: string): void {
    this.mute.words(words);
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
    this.mute.lift();
    this.answer(words, { stt_final: this.ports.now() });
  }

  typed(text: string): void {
    if (this.phase === 'IDLE') return;
    this.ports.active();
    if (this.isBusy) {
      this.interrupt('text');
      this.mute.rest(false);
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
    this.watch.look();
  }

  replyPart(text: string): void {
    if (this.mute.hides()) return;
    const reply = this.speaking();
    if (!reply) return;
    this.telling.part(reply, text);
    this.speechEnd.textCame(reply, this.ports.now());
    this.watch.look();
  }

  replyText(text: string): void {
    if (text.trim() === '' || this.mute.hides(text)) return;
    const reply = this.speaking();
    if (!reply) return;
    this.telling.whole(reply, text);
    this.speechEnd.textCame(reply, this.ports.now());
    this.watch.look();
  }

  /** What the agent takes to have been heard of the reply that was stopped last. */
  corrected(original: string, text: string): void {
    if (this.phase !== 'IDLE') this.telling.corrected(original, text);
  }

  audio(pcm: Int16Array, alignment: CharacterAlignment | undefined): void {
    const reply = this.mute.isOn ? undefined : this.speaking();
    if (!reply) return;
    reply.addAudio(pcm, alignment, this.ports.now());
    this.speechEnd.audioCame();
    this.ports.outbox.push(reply.turn, reply.turn, pcm);
    this.watch.look();
  }

  /** Says something that no vendor is needed for any more. */
  say(text: string, pcm: Int16Array): void {
    this.mute.lift();
    this.replyText(text);
    this.audio(pcm, undefined);
    this.saidHere = true;
    this.noMoreAudio();
  }

  /** All of the reply's audio has come. */
  noMoreAudio(): void {
    const { reply } = this;
    if (this.phase === 'AI_SPEAKING' && reply) this.finish(reply);
    this.watch.look();
  }

  /** The agent has stopped itself: the user speaks. */
  interruptedByVoice(): void {
    this.mute.lift();
    // Where no reply has begun, it was about an earlier one.
    if (this.phase === 'AI_SPEAKING') this.interrupt('speech');
  }

  /** The stop button. */
  stop(): void {
    const { reply } = this;
    if (!this.isBusy || !reply) return;
    const heard = reply.heard(this.ports.now()) ?? '';
    this.ports.active();
    this.interrupt('button');
    this.mute.rest(reply.text === '');
    // The agent goes on speaking for itself.
    this.telling.stopped();
    this.ports.stoppedHere(heard);
  }

  toolStarted(): void {
    this.speechEnd.toolStarted();
    this.watch.look();
  }

  toolEnded(): void {
    this.speechEnd.toolEnded(this.ports.now());
    if (this.reply) this.reply.newsAtMs = this.ports.now();
    this.watch.look();
  }

  played(report: PlaybackReport): void {
    const { reply } = this;
    if (!reply || report.turn !== reply.turn) return;
    reply.played(report, this.ports.now());
    this.watch.look();
  }

  audioSent(turn: number, durationMs: number): void {
    if (turn === this.reply?.turn) this.reply.sent(durationMs, this.ports.now());
    this.ports.active();
  }

  /** What the agent says now are its last words; it need not say any. */
  sayGoodbye(): void {
    this.watch.sayGoodbye();
    this.watch.look();
  }

  /** The user has the word again, although the agent owes an answer. */
  giveUp(): void {
    if (this.phase === 'AI_PROCESSING') this.complete();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    this.watch.stop();
    if (this.phase === 'IDLE') return;
    const { reply } = this;
    this.reply = undefined;
    if (reply) {
      this.ports.outbox.cancel(reply.turn);
      this.telling.metrics(reply, reply.heard(this.ports.now()));
    }
    this.enter('IDLE');
  }

  private newReply(userText: string | undefined, marks: TurnMarks): AgentReply {
    this.speechEnd.begin();
    this.saidHere = false;
    const { playerBufferMs } = this.options;
    return new AgentReply({ turn: this.turn, userText, marks, outputRateHz: OUTPUT_SAMPLE_RATE_HZ, playerBufferMs }, this.ports.now());
  }

  /** The reply that the agent is giving; it begins where none was owed, and anew where the last one had come to its end. */
  private speaking(): AgentReply | undefined {
    if (this.phase === 'AI_SPEAKING' && this.speechEnd.isComplete) this.complete();
    if (this.phase === 'IDLE') return undefined;
    const reply = (this.reply ??= this.newReply(undefined, {}));
    this.telling.begun(reply);
    // Clients know no way from listening to speaking but this.
    if (this.phase === 'USER_SPEAKING') this.enter('AI_PROCESSING');
    if (this.phase !== 'AI_SPEAKING') this.enter('AI_SPEAKING');
    return reply;
  }

  private finish(reply: AgentReply): void {
    if (this.speechEnd.isComplete) return;
    this.speechEnd.isComplete = true;
    if (reply.hasAudio) this.ports.outbox.finish(reply.turn, reply.turn);
  }

  private interrupt(reason: InterruptionReason): void {
    const { reply, turn } = this;
    this.ports.outbox.cancel(turn);
    this.ports.tell({ type: 'interruption', turn, reason });
    if (!reply) return;
    const heard = reply.heard(this.ports.now());
    this.telling.cut(reply, heard);
    this.leave(reply, heard);
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
    this.telling.metrics(reply, heard);
    this.reply = undefined;
    this.typedText = undefined;
    this.turn += 1;
    this.enter('USER_SPEAKING');
    this.ports.active();
    this.watch.look();
    this.ports.quiet();
  }

  private enter(phase: ConversationState): void {
    this.phase = phase;
    this.ports.tell({ type: 'state', state: phase, turn: this.turn });
  }
}
