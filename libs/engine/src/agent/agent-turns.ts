import type { TurnMarks } from '@parley/conversation';
import type { PlaybackReport } from '../ports';
import type { CharacterAlignment } from '@parley/providers';
import { AgentTurnState } from './agent-turn-state';
import type { AgentReply } from './agent-reply';
import type { AgentTurnsOptions, AgentTurnsPorts } from './agent-turns-ports';
import { StaleAudioFilter } from './stale-audio-filter';

/**
 * What the user and the agent say in a conversation whose turn-taking is the vendor's, and what follows from it for whose turn it is. The
 * vendor numbers no turns: that is done here, and the states are derived from what the agent says and what the listener has heard of it.
 */
export class AgentTurns {
  private readonly turnState: AgentTurnState;
  private readonly staleAudio = new StaleAudioFilter();
  /** Typed text that the agent may hand back as a transcript of the turn it began. */
  private typedText: { turn: number; text: string } | undefined;
  private unfinishedWords = '';
  /** The user's words to which no more than an announcement was said when the connection was lost. */
  private announcedTo: string | undefined;
  /** A reply of which the agent does not know that it is speaking: it will not notice when it is interrupted. */
  private saidHere: AgentReply | undefined;

  constructor(
    private readonly ports: AgentTurnsPorts,
    private readonly options: AgentTurnsOptions,
  ) {
    this.turnState = new AgentTurnState(ports, options);
  }

  /** True while the agent has the turn, or owes an answer. */
  get isBusy(): boolean {
    return this.turnState.isBusy;
  }

  /** Number of the turn that is being spoken or answered. */
  get turn(): number {
    return this.turnState.turn;
  }

  /** The user's words that are to be said again to an agent that does not know them: no answer to them was heard. */
  get unanswered(): string | undefined {
    return this.unheardReply?.userText ?? this.announcedTo;
  }

  private get unheardReply(): AgentReply | undefined {
    const { reply } = this.turnState;
    return reply?.hasAudio ? undefined : reply;
  }

  /** What the user has begun to say. */
  get halfHeard(): string {
    return this.unfinishedWords;
  }

  begin(): void {
    this.turnState.begin();
  }

  /** The connection is gone (`true`) or there again. */
  suspend(suspended: boolean): void {
    const { turnState } = this;
    turnState.suspend(suspended);
    if (suspended) this.lost();
    const { unheardReply } = this;
    if (turnState.reply) turnState.reply.newsAtMs = this.ports.now();
    if (!suspended && unheardReply?.userText !== undefined) {
      // What was written of an answer that was not heard is nothing: another will come.
      unheardReply.startOver();
      this.ports.history.forgetReply(unheardReply.turn);
      turnState.speechEnd.answerDue(this.ports.now() + this.options.stallTimeoutMs);
    }
    turnState.check();
  }

  /** Nothing of what was under way comes any more, and whoever is there next knows nothing of it. */
  private lost(): void {
    this.staleAudio.lift();
    const { reply, speechEnd } = this.turnState;
    this.saidHere = reply?.hasAudio ? reply : undefined;
    if (reply?.hasAudio && speechEnd.expectsMore(this.ports.now())) this.announcedTo = reply.userText;
    this.turnState.cutShort();
  }

  /** The next reply that says this was heard already. */
  hearNoMore(words: string): void {
    this.staleAudio.words(words);
  }

  transcript(text: string, isFinal: boolean): void {
    const { turnState } = this;
    const words = text.trim();
    if (words === '' || turnState.phase === 'IDLE') return;
    this.ports.active();
    if (isFinal) return this.heard(words);
    if (turnState.phase === 'AI_SPEAKING' && turnState.reply === this.saidHere) turnState.interrupt('speech');
    this.unfinishedWords = words;
    // The reply in hand is the one before the words.
    this.ports.emit({ type: 'transcript', turn: turnState.isBusy ? turnState.turn + 1 : turnState.turn, text: words, isFinal: false });
  }

  private heard(words: string): void {
    this.unfinishedWords = '';
    const { typedText, turnState } = this;
    if (turnState.isBusy && typedText?.turn === turnState.turn && typedText.text === words) {
      this.typedText = undefined;
      return;
    }
    if (turnState.isBusy) turnState.interrupt('speech');
    this.staleAudio.lift();
    this.answer(words, { stt_final: this.ports.now() });
  }

  typed(text: string): void {
    const { turnState } = this;
    if (turnState.phase === 'IDLE') return;
    this.ports.active();
    if (turnState.isBusy) {
      turnState.interrupt('text');
      this.staleAudio.rest(false);
    } else this.staleAudio.noTextDue();
    const atMs = this.ports.now();
    this.typedText = { turn: turnState.turn, text: text.trim() };
    this.unfinishedWords = '';
    this.answer(text, { speech_end: atMs, turn_end: atMs });
  }

  private answer(userText: string, marks: TurnMarks): void {
    this.announcedTo = undefined;
    // What was interrupted may have been the last thing to wait for.
    if (this.turnState.phase !== 'IDLE') this.turnState.expectAnswer(userText, marks);
  }

  replyPart(text: string): void {
    if (this.staleAudio.hides()) return;
    const reply = this.turnState.speaking();
    if (!reply) return;
    this.turnState.reporter.part(reply, text);
    this.textCame(reply);
  }

  replyText(text: string): void {
    if (text.trim() === '' || this.staleAudio.hides(text)) return;
    const reply = this.turnState.speaking();
    if (!reply) return;
    this.turnState.reporter.whole(reply, text);
    this.textCame(reply);
  }

  private textCame(reply: AgentReply): void {
    this.announcedTo = undefined;
    this.turnState.speechEnd.textCame(reply, this.ports.now());
    this.turnState.check();
  }

  /** What the agent takes to have been heard of the reply that was stopped last. */
  corrected(original: string, text: string): void {
    const { turnState } = this;
    if (turnState.phase === 'IDLE') return;
    turnState.reporter.corrected(original, text);
    // Less of it may be still to come.
    turnState.check();
  }

  audio(pcm: Int16Array, alignment: CharacterAlignment | undefined): void {
    const reply = this.staleAudio.isOn ? undefined : this.turnState.speaking();
    if (!reply) return;
    reply.addAudio(pcm, alignment, this.ports.now());
    this.turnState.speechEnd.audioCame();
    this.ports.outbox.push(reply.turn, reply.turn, pcm);
    this.turnState.check();
  }

  /** Says something that no vendor is needed for any more. */
  say(text: string, pcm: Int16Array): void {
    this.staleAudio.lift();
    this.replyText(text);
    this.audio(pcm, undefined);
    this.saidHere = this.turnState.reply;
    this.noMoreAudio();
  }

  /** All of the reply's audio has come. */
  noMoreAudio(): void {
    const { turnState } = this;
    if (turnState.phase === 'AI_SPEAKING' && turnState.reply) turnState.finish(turnState.reply);
    turnState.check();
  }

  /** The agent has stopped itself: the user speaks. */
  interruptedByVoice(): void {
    this.staleAudio.lift();
    // Where no reply has begun, it was about an earlier one.
    if (this.turnState.phase === 'AI_SPEAKING') this.turnState.interrupt('speech');
  }

  /** The stop button. */
  stop(): void {
    const { turnState } = this;
    const { reply } = turnState;
    if (!reply) return;
    const heard = reply.heard(this.ports.now()) ?? '';
    this.announcedTo = undefined;
    this.ports.active();
    turnState.interrupt('button');
    this.staleAudio.rest(reply.text === '');
    // The agent goes on speaking for itself.
    turnState.reporter.stopped();
    this.ports.stoppedHere(heard);
  }

  toolStarted(): void {
    this.turnState.speechEnd.toolStarted();
    this.turnState.check();
  }

  toolEnded(): void {
    const { turnState } = this;
    turnState.speechEnd.toolEnded(this.ports.now());
    if (turnState.reply) turnState.reply.newsAtMs = this.ports.now();
    turnState.check();
  }

  played(report: PlaybackReport): void {
    const { reply } = this.turnState;
    if (!reply || report.turn !== reply.turn) return;
    reply.played(report, this.ports.now());
    this.turnState.check();
  }

  audioSent(turn: number, durationMs: number): void {
    const { reply } = this.turnState;
    if (turn === reply?.turn) reply.sent(durationMs, this.ports.now());
    this.ports.active();
  }

  /** What the agent says now are its last words; it need not say any. */
  sayGoodbye(): void {
    this.turnState.sayGoodbye();
  }

  /** The user has the turn again, although the agent owes an answer. */
  giveUp(): void {
    this.turnState.giveUp();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    this.turnState.end();
  }
}
