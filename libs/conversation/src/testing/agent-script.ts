import { type AgentTurnPolicy, type AgentTurnState, agentIdle } from '../agent-turns/agent-turn-state';
import type { AgentTimerName, AgentTurnEvent, UntimedAgentTurnEvent } from '../agent-turns/agent-turn-event';
import { type AgentDecision, reduceAgentTurns } from '../agent-turns/reduce-agent-turns';
import type { TurnVerdict } from '../turns/turn-event';
import { DEFAULT_TURN_POLICY } from '../turns/turn-policy';

/** One event and the decision that followed. */
export interface AgentStep {
  before: AgentTurnState;
  event: AgentTurnEvent;
  decision: AgentDecision;
}

/** How much audio may be sent ahead of the listener, as in a browser. */
const MAX_LEAD_MS = 10_000;

/**
 * A conversation with an agent on a clock that the test moves: timers fire when they are due, and audio is sent as far ahead as allowed,
 * as in the engine.
 */
export class AgentScript {
  nowMs = 1_000;
  state: AgentTurnState;
  readonly policy: AgentTurnPolicy;
  readonly steps: AgentStep[] = [];
  private readonly timers = new Map<AgentTimerName, number>();
  private readonly queue: UntimedAgentTurnEvent[] = [];
  private unsent: { turn: number; durationMs: number }[] = [];
  private leadUntilMs = 0;
  private toolsRunning = 0;
  private handling = false;

  constructor(
    policy: Partial<AgentTurnPolicy> = {},
    private readonly onStep: (step: AgentStep) => void = () => undefined,
    /** Judges each turn at once, as the engine does. If left out, verdicts are given event by event. */
    private readonly judge?: (turn: number) => TurnVerdict,
  ) {
    const { inactivityTimeoutMs, maxSessionMs, stallTimeoutMs, playerBufferMs } = DEFAULT_TURN_POLICY;
    this.policy = { inactivityTimeoutMs, maxSessionMs, stallTimeoutMs, playerBufferMs, greetsAgain: false, judgesTurns: false, ...policy };
    this.state = agentIdle(this.policy);
  }

  /** The number of the turn, or 0 outside a conversation. */
  get turn(): number {
    return this.state.phase === 'IDLE' ? 0 : this.state.turn;
  }

  happens(event: UntimedAgentTurnEvent): void {
    this.queue.push(event);
    if (this.handling) return;
    this.handling = true;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.handle({ ...next, atMs: this.nowMs });
    this.handling = false;
  }

  /** The agent sends audio of this length. */
  speaks(durationMs: number): void {
    this.happens({ type: 'reply_audio_produced', audio: new Int16Array(1), durationMs });
  }

  /** Tools start and end in pairs, as in the engine. */
  useTool(starts: boolean): void {
    if (!starts && this.toolsRunning === 0) return;
    this.toolsRunning += starts ? 1 : -1;
    this.happens({ type: starts ? 'tool_started' : 'tool_ended', name: 'test' });
  }

  endTools(): void {
    while (this.toolsRunning > 0) this.useTool(false);
  }

  /** Restores the connection to the agent if it was lost. */
  reconnect(): void {
    if (this.state.phase !== 'IDLE' && this.state.connection === 'lost') this.happens({ type: 'agent_connected' });
  }

  wait(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (;;) {
      const next = [...this.timers].sort(([, one], [, other]) => one - other)[0];
      if (next === undefined || next[1] > untilMs) break;
      const [timer, dueMs] = next;
      this.timers.delete(timer);
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.send();
      this.happens({ type: 'timer_fired', timer });
    }
    this.nowMs = untilMs;
    this.send();
  }

  private handle(event: AgentTurnEvent): void {
    const before = this.state;
    const decision = reduceAgentTurns(before, event);
    this.state = decision.state;
    const step = { before, event, decision };
    this.steps.push(step);
    this.onStep(step);
    for (const effect of decision.effects) {
      if (effect.type === 'set_timer') this.timers.set(effect.timer, this.nowMs + effect.delayMs);
      if (effect.type === 'clear_timer') this.timers.delete(effect.timer);
      if (effect.type === 'send_audio') this.unsent.push(effect);
      if (effect.type === 'cancel_audio') this.unsent = this.unsent.filter(({ turn }) => turn !== effect.turn);
      if (effect.type === 'judge_turn' && this.judge)
        this.queue.push({ type: 'turn_judged', turn: effect.turn, ...this.judge(effect.turn) });
      if (effect.type === 'take_notice') {
        const speech = { audio: new Int16Array(1), durationMs: 700 };
        this.queue.push({ type: 'line_ready', line: 'notice', text: 'It cannot be reached.', speech });
      }
    }
    this.send();
  }

  private send(): void {
    for (let next = this.unsent[0]; next && this.leadUntilMs - this.nowMs <= MAX_LEAD_MS; next = this.unsent[0]) {
      this.unsent.shift();
      this.leadUntilMs = Math.max(this.leadUntilMs, this.nowMs) + next.durationMs;
      this.happens({ type: 'audio_sent', turn: next.turn, durationMs: next.durationMs });
    }
  }
}
