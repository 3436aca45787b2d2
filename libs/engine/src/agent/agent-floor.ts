import type { InterruptionReason, Phase, TurnMarks } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import { AgentReply } from './agent-reply';
import type { AgentTurnsOptions, AgentTurnsPorts } from './agent-turns-ports';
import { PhaseWatch } from './phase-watch';
import { ReplyTelling } from './reply-telling';
import { SpeechEnd } from './speech-end';

/**
 * Who has the word, in which turn, and the reply in hand: every way from one phase to another, each told to the client. A reply is there
 * exactly while the agent has the word or owes an answer. `end` stops the watch.
 */
export class AgentFloor {
  readonly telling: ReplyTelling;
  readonly speechEnd = new SpeechEnd();
  private currentPhase: Phase = 'IDLE';
  private currentTurn = 1;
  private replyInHand: AgentReply | undefined;
  private readonly watch: PhaseWatch;

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

  get phase(): Phase {
    return this.currentPhase;
  }

  get turn(): number {
    return this.currentTurn;
  }

  get reply(): AgentReply | undefined {
    return this.replyInHand;
  }

  /** True while the agent has the word, or owes an answer. */
  get isBusy(): boolean {
    return this.phase === 'AI_PROCESSING' || this.phase === 'AI_SPEAKING';
  }

  begin(): void {
    this.enter('USER_SPEAKING');
  }

  /** The user has said this: an answer is owed. */
  owe(userText: string, marks: TurnMarks): void {
    this.replyInHand = this.newReply(userText, marks);
    this.ports.history.userSaid(this.turn, userText);
    this.enter('AI_PROCESSING');
    this.ports.emit({ type: 'transcript', turn: this.turn, text: userText, isFinal: true });
    this.look();
  }

  /** The reply that the agent is giving; it begins where none was owed, and anew where the last one had come to its end. */
  speaking(): AgentReply | undefined {
    if (this.phase === 'AI_SPEAKING' && this.speechEnd.isComplete) this.complete();
    if (this.phase === 'IDLE') return undefined;
    const reply = (this.replyInHand ??= this.newReply(undefined, {}));
    this.telling.begun(reply);
    // Clients know no way from listening to speaking but this.
    if (this.phase === 'USER_SPEAKING') this.enter('AI_PROCESSING');
    if (this.phase !== 'AI_SPEAKING') this.enter('AI_SPEAKING');
    return reply;
  }

  /** All of the reply's audio has come. Once for each. */
  finish(reply: AgentReply): void {
    if (this.speechEnd.isComplete) return;
    this.speechEnd.isComplete = true;
    if (reply.hasAudio) this.ports.outbox.finish(reply.turn, reply.turn);
  }

  /** No more of the reply that is being spoken comes, whether or not it was at its end. What has come is still heard. */
  cutShort(): void {
    const { reply } = this;
    if (!reply?.hasAudio || this.speechEnd.isComplete) return;
    this.telling.cutShort(reply);
    this.finish(reply);
  }

  interrupt(reason: InterruptionReason): void {
    const { reply, turn } = this;
    this.ports.outbox.cancel(turn);
    this.ports.clear(turn);
    this.ports.emit({ type: 'interrupted', turn, reason });
    if (!reply) return;
    const heard = reply.heard(this.ports.now());
    this.telling.cut(reply, heard);
    this.leave(reply, heard);
  }

  /** The user has the word again, although the agent owes an answer. */
  giveUp(): void {
    if (this.phase === 'AI_PROCESSING') this.complete();
  }

  /** Looks whether the phase is over. To be called when anything has happened that decides it. */
  look(): void {
    this.watch.look();
  }

  /** There is no connection (`true`), or there is one again. */
  suspend(suspended: boolean): void {
    this.watch.suspend(suspended);
  }

  /** The agent may say some last words; it need not. */
  sayGoodbye(): void {
    this.watch.sayGoodbye();
    this.look();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    this.watch.stop();
    if (this.phase === 'IDLE') return;
    const { reply } = this;
    this.replyInHand = undefined;
    if (reply) {
      this.ports.outbox.cancel(reply.turn);
      this.telling.metrics(reply, reply.heard(this.ports.now()));
    }
    this.enter('IDLE');
  }

  /** The reply was heard to its end, or nobody waits for it any more. */
  private complete(): void {
    const { reply } = this;
    if (!reply) return;
    // What a player that stands still has not taken is of no use any more.
    this.ports.outbox.cancel(reply.turn);
    this.finish(reply);
    this.telling.textEnded(reply);
    this.leave(reply, reply.isCutShort ? reply.heard(this.ports.now()) : undefined);
  }

  private leave(reply: AgentReply, heard?: string): void {
    this.telling.metrics(reply, heard);
    this.replyInHand = undefined;
    this.currentTurn += 1;
    this.enter('USER_SPEAKING');
    this.ports.active();
    this.look();
    this.ports.quiet();
  }

  private newReply(userText: string | undefined, marks: TurnMarks): AgentReply {
    this.speechEnd.begin();
    const { playerBufferMs } = this.options;
    return new AgentReply({ turn: this.turn, userText, marks, outputRateHz: OUTPUT_SAMPLE_RATE_HZ, playerBufferMs }, this.ports.now());
  }

  private enter(phase: Phase): void {
    this.currentPhase = phase;
    this.ports.emit({ type: 'state_changed', phase, turn: this.turn });
  }
}
