import type { InterruptionReason, Phase, TurnMarks } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import { AgentReply } from './agent-reply';
import type { AgentTurnsOptions, AgentTurnsPorts } from './agent-turns-ports';
import { PlayoutWatchdog } from './playout-watchdog';
import { ReplyReporter } from './reply-reporter';
import { SpeechEnd } from './speech-end';

/**
 * Who has the turn, in which turn, and the reply in hand: every way from one phase to another, each told to the client. A reply is there
 * exactly while the agent has the turn or owes an answer. `end` stops the watchdog.
 */
export class AgentTurnState {
  readonly reporter: ReplyReporter;
  readonly speechEnd = new SpeechEnd();
  private currentPhase: Phase = 'IDLE';
  private currentTurn = 1;
  private replyInHand: AgentReply | undefined;
  private readonly watchdog: PlayoutWatchdog;

  constructor(
    private readonly ports: AgentTurnsPorts,
    private readonly options: AgentTurnsOptions,
  ) {
    this.reporter = new ReplyReporter(ports);
    this.watchdog = new PlayoutWatchdog(this.speechEnd, options.stallTimeoutMs, {
      current: () => ({ phase: this.phase, reply: this.reply }),
      settled: (reply) => this.finish(reply),
      heard: () => this.complete(),
      unanswered: (wasExpected) => {
        if (wasExpected) ports.stalled();
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

  /** True while the agent has the turn, or owes an answer. */
  get isBusy(): boolean {
    return this.phase === 'AI_PROCESSING' || this.phase === 'AI_SPEAKING';
  }

  begin(): void {
    this.enter('USER_SPEAKING');
  }

  /** The user has said this: an answer is owed. */
  expectAnswer(userText: string, marks: TurnMarks): void {
    this.replyInHand = this.newReply(userText, marks);
    this.ports.history.userSaid(this.turn, userText);
    this.enter('AI_PROCESSING');
    this.ports.emit({ type: 'transcript', turn: this.turn, text: userText, isFinal: true });
    this.check();
  }

  /** The reply that the agent is giving; it begins where none was owed, and anew where the last one had come to its end. */
  speaking(): AgentReply | undefined {
    if (this.phase === 'AI_SPEAKING' && this.speechEnd.isComplete) this.complete();
    if (this.phase === 'IDLE') return undefined;
    const reply = (this.replyInHand ??= this.newReply(undefined, {}));
    this.reporter.begun(reply);
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
    this.reporter.cutShort(reply);
    this.finish(reply);
  }

  interrupt(reason: InterruptionReason): void {
    const { reply, turn } = this;
    this.ports.outbox.cancel(turn);
    this.ports.clear(turn);
    this.ports.emit({ type: 'interrupted', turn, reason });
    if (!reply) return;
    const heard = reply.heard(this.ports.now());
    this.reporter.cut(reply, heard);
    this.leave(reply, heard);
  }

  /** The user has the turn again, although the agent owes an answer. */
  giveUp(): void {
    if (this.phase === 'AI_PROCESSING') this.complete();
  }

  /** Looks whether the phase is over. To be called when anything has happened that decides it. */
  check(): void {
    this.watchdog.check();
  }

  /** There is no connection (`true`), or there is one again. */
  suspend(suspended: boolean): void {
    this.watchdog.suspend(suspended);
  }

  /** The agent may say some last words; it need not. */
  sayGoodbye(): void {
    this.watchdog.sayGoodbye();
    this.check();
  }

  /** Nothing is told after this. Idempotent. */
  end(): void {
    this.watchdog.stop();
    if (this.phase === 'IDLE') return;
    const { reply } = this;
    this.replyInHand = undefined;
    if (reply) {
      this.ports.outbox.cancel(reply.turn);
      this.reporter.metrics(reply, reply.heard(this.ports.now()));
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
    this.reporter.textEnded(reply);
    this.leave(reply, reply.isCutShort ? reply.heard(this.ports.now()) : undefined);
  }

  private leave(reply: AgentReply, heard?: string): void {
    this.reporter.metrics(reply, heard);
    this.speechEnd.over(reply);
    this.replyInHand = undefined;
    this.currentTurn += 1;
    this.enter('USER_SPEAKING');
    // A wait for more that did not come was quiet.
    this.ports.active(Math.min(this.speechEnd.quietSinceMs() ?? Infinity, this.ports.now()));
    this.check();
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
