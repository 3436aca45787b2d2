import type { TurnMarks } from '@parley/conversation';
import type { PlaybackReport } from '../ports';
import type { CharacterAlignment } from '@parley/providers';
import { AgentFloor } from './agent-floor';
import type { AgentReply } from './agent-reply';
import type { AgentTurnsOptions, AgentTurnsPorts } from './agent-turns-ports';
import { Mute } from './mute';

/**
 * What the user and the agent say in a conversation whose turn-taking is the vendor's, and what follows from it for whose turn it is. The
 * vendor numbers no turns: that is done here, and the states are derived from what the agent says and what the listener has heard of it.
 */
export class AgentTurns {
  private readonly floor: AgentFloor;
  private readonly mute = new Mute();
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
    this.floor = new AgentFloor(ports, options);
  }

  /** True while the agent has the word, or owes an answer. */
  get isBusy(): boolean {
    return this.floor.isBusy;
  }

  /** Number of the turn that is being spoken or answered. */
  get turn(): number {
    return this.floor.turn;
  }

  /** The user's words that are to be said again to an agent that does not know them: no answer to them was heard. */
  get unanswered(): string | undefined {
    return this.unheardReply?.userText ?? this.announcedTo;
  }

  private get unheardReply(): AgentReply | undefined {
    const { reply } = this.floor;
    return reply?.hasAudio ? undefined : reply;
  }

  /** What the user has begun to say. */
  get halfHeard(): string {
    return this.unfinishedWords;
  }

  begin(): void {
    this.floor.begin();
  }

  /** The connection is gone (`true`) or there again. */
  suspend(suspended: boolean): void {
    const { floor } = this;
    floor.suspend(suspended);
    if (suspended) this.lost();
    const { unheardReply } = this;
    if (floor.reply) floor.reply.newsAtMs = this.ports.now();
    if (!suspended && unheardReply?.userText !== undefined) {
      // What was written of an answer that was not heard is nothing: another will come.
      unheardReply.startOver();
      this.ports.history.forgetReply(unheardReply.turn);
      floor.speechEnd.answerDue(this.ports.now() + this.options.stallTimeoutMs);
    }
    floor.look();
  }

  /** Nothing of what was under way comes any more, and whoever is there next knows nothing of it. */
  private lost(): void {
    this.mute.lift();
    const { reply, speechEnd } = this.floor;
    this.saidHere = reply?.hasAudio ? reply : undefined;
    if (reply?.hasAudio && speechEnd.owesMore(this.ports.now())) this.announcedTo = reply.userText;
    this.floor.cutShort();
  }

  /** The next reply that says this was heard already. */
  hearNoMore(words: string): void {
    this.mute.words(words);
  }

  transcript(text: string, isFinal: boolean): void {
    const { floor } = this;
    const words = text.trim();
    if (words === '' || floor.phase === 'IDLE') return;
    this.ports.active();
    if (isFinal) return this.heard(words);
    if (floor.phase === 'AI_SPEAKING' && floor.reply === this.saidHere) floor.interrupt('speech');
    this.unfinishedWords = words;
    // The reply in hand is the one before the words.
    this.ports.emit({ type: 'transcript', turn: floor.isBusy ? floor.turn + 1 : floor.turn, text: words, isFinal: false });
  }

  private heard(words: string): void {
    this.unfinishedWords = '';
    const { typedText, floor } = this;
    if (floor.isBusy && typedText?.turn === floor.turn && typedText.text === words) {
      this.typedText = undefined;
      return;
    }
    if (floor.isBusy) floor.interrupt('speech');
    this.mute.lift();
    this.answer(words, { stt_final: this.ports.now() });
  }

  typed(text: string): void {
    const { floor } = this;
    if (floor.phase === 'IDLE') return;
    this.ports.active();
    if (floor.isBusy) {
      floor.interrupt('text');
      this.mute.rest(false);
    } else this.mute.noTextDue();
    const atMs = this.ports.now();
    this.typedText = { turn: floor.turn, text: text.trim() };
    this.unfinishedWords = '';
    this.answer(text, { speech_end: atMs, turn_end: atMs });
  }

  private answer(userText: string, marks: TurnMarks): void {
    this.announcedTo = undefined;
    // What was interrupted may have been the last thing to wait for.
    if (this.floor.phase !== 'IDLE') this.floor.owe(userText, marks);
  }

  replyPart(text: string): void {
    if (this.mute.hides()) return;
    const reply = this.floor.speaking();
    if (!reply) return;
    this.floor.telling.part(reply, text);
    this.textCame(reply);
  }

  replyText(text: string): void {
    if (text.trim() === '' || this.mute.hides(text)) return;
    const reply = this.floor.speaking();
    if (!reply) return;
    this.floor.telling.whole(reply, text);
    this.textCame(reply);
  }

  private textCame(reply: AgentReply): void {
    this.announcedTo = undefined;
    this.floor.speechEnd.textCame(reply, this.ports.now());
    this.floor.look();
  }

  /** What the agent takes to have been heard of the reply that was stopped last. */
  corrected(original: string, text: string): void {
    if (this.floor.phase !== 'IDLE') this.floor.telling.corrected(original, text);
  }

  audio(pcm: Int16Array, alignment: CharacterAlignment | undefined): void {
    const reply = this.mute.isOn ? undefined : this.floor.speaking();
    if (!reply) return;
    reply.addAudio(pcm, alignment, this.ports.now());
    this.floor.speechEnd.audioCame();
    this.ports.outbox.push(reply.turn, reply.turn, pcm);
    this.floor.look();
  }

  /** Says something that no vendor is needed for any more. */
  say(text: string, pcm: Int16Array): void {
    this.mute.lift();
    this.replyText(text);
    this.audio(pcm, undefined);
    this.saidHere = this.floor.reply;
    this.noMoreAudio();
  }

  /** All of the reply's audio has come. */
  noMoreAudio(): void {
    const { floor } = this;
    if (floor.phase === 'AI_SPEAKING' && floor.reply) floor.finish(floor.reply);
    floor.look();
  }

  /** The agent has stopped itself: the user speaks. */
  interruptedByVoice(): void {
    this.mute.lift();
    // Where no reply has begun, it was about an earlier one.
    if (this.floor.phase === 'AI_SPEAKING') this.floor.interrupt('speech');
  }

  /** The stop button. */
  stop(): void {
    const { floor } = this;
    const { reply } = floor;
    if (!reply) return;
    const heard = reply.heard(this.ports.now()) ?? '';
    this.announcedTo = undefined;
    this.ports.active();
    floor.interrupt('button');
    this.mute.rest(reply.text === '');
    // The agent goes on speaking for itself.
    floor.telling.stopped();
    this.ports.stoppedHere(heard);
  }

  toolStarted(): void {
    this.floor.speechEnd.toolStarted();
    this.floor.look();
  }

  toolEnded(): void {
    const { floor } = this;
    floor.speechEnd.toolEnded(this.ports.now());
    if (floor.reply) floor.reply.newsAtMs = this.ports.now();
    floor.look();
  }

  played(report: PlaybackReport): void {
    const { reply } = this.floor;
    if (!reply || report.turn !== reply.turn) return;
    reply.played(report, this.ports.now());
    this.floor.look();
  }

  audioSent(turn: number, durationMs: number): void {
    const { reply } = this.floor;
    if (turn === reply?.turn) reply.sent(durationMs, this.ports.now());
    this.ports.active();
  }

  /** What the agent says now are its last words; it need not say any. */
  sayGoodbye(): void {
    this.floor.sayGoodbye();
  }

  /** The user has the word again, although the agent owes an answer. */
  giveUp(): void {
    this.floor.giveUp();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    this.floor.end();
  }
}
