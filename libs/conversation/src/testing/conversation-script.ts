import type { EndOfTurnHint } from '../turns/end-of-turn-hint';
import { type Decision, reduce } from '../turns/reduce';
import type { TurnEffect } from '../turns/turn-effect';
import { DEFAULT_TURN_POLICY, type TurnPolicy } from '../turns/turn-policy';
import { idle, type TurnState } from '../turns/turn-state';
import type { TimerName, TurnEvent, TurnVerdict, UntimedTurnEvent } from '../turns/turn-event';
import { Agenda } from './agenda';
import { describeEffect } from './describe-effect';

import { Microphone, type Sound } from './microphone';

/** The other side of the effects: performs them by adding results to the agenda. */
export interface World {
  perform(effect: TurnEffect, nowMs: number, agenda: Agenda): void;
}

/** One event and the decision of the engine. */
export interface Step {
  before: TurnState;
  event: TurnEvent;
  decision: Decision;
}

export interface ScriptOptions {
  world?: World;
  onStep?: (step: Step) => void;
  hint?: EndOfTurnHint;
  /** Judges each turn at once, as the engine does. If left out, verdicts are given event by event. */
  judge?: (turn: number) => TurnVerdict;
}

/**
 * A conversation on virtual time for specs. Speech and silence are given as 20 ms frames, and timers fire when they are due. The results
 * of the stages are either given event by event (`happens`) or produced by a `World`. Every step returns its effects, one line each.
 */
export class ConversationScript {
  state: TurnState;
  /** The monotonic clock. It starts far from the audio clock, so that a confusion of the two is noticed. */
  nowMs = 1_000_000;
  readonly agenda = new Agenda();
  readonly effects: { atMs: number; effect: TurnEffect }[] = [];
  private readonly microphone = new Microphone();

  constructor(
    policy: Partial<TurnPolicy> = {},
    private readonly options: ScriptOptions = {},
  ) {
    this.state = idle({ ...DEFAULT_TURN_POLICY, ...policy });
  }

  get phase(): TurnState['phase'] {
    return this.state.phase;
  }

  get audioMs(): number {
    return this.microphone.audioMs;
  }

  get runningTimers(): TimerName[] {
    return this.agenda.runningTimers;
  }

  /** One event that happens now. */
  happens(happening: UntimedTurnEvent): string[] {
    return this.during(() => this.reduce(happening));
  }

  /** Time passes without any frame. */
  wait(durationMs: number): string[] {
    return this.during(() => this.advance(this.nowMs + durationMs));
  }

  /** The microphone picks up speech. */
  speech(durationMs: number): string[] {
    return this.during(() => this.hear(durationMs, 'speech'));
  }

  /** Speech that is not clearly a voice. */
  cough(durationMs: number): string[] {
    return this.during(() => this.hear(durationMs, 'cough'));
  }

  silence(durationMs: number): string[] {
    return this.during(() => this.hear(durationMs, 'silence'));
  }

  /** A sound that the detector cannot classify. */
  unclear(durationMs: number): string[] {
    return this.during(() => this.hear(durationMs, 'unclear'));
  }

  /** A noise that fills exactly one window. */
  strayWindow(): string[] {
    return this.during(() => {
      this.hear(this.microphone.leftOfWindowMs, 'silence');
      this.hear(32, 'speech');
    });
  }

  /** All effects of `steps`, one line each. */
  during(steps: () => void): string[] {
    const before = this.effects.length;
    steps();
    return this.effects.slice(before).map(({ effect }) => describeEffect(effect));
  }

  private hear(durationMs: number, sound: Sound): void {
    const startMs = this.nowMs;
    for (let ms = 1; ms <= durationMs; ms++) {
      const frame = this.microphone.hearMs(sound);
      if (frame === undefined) continue;
      this.advance(startMs + ms);
      this.reduce(frame);
    }
    this.advance(startMs + durationMs);
  }

  private advance(untilMs: number): void {
    for (let next = this.agenda.next(untilMs); next; next = this.agenda.next(untilMs)) {
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.reduce(next.happening);
    }
    this.nowMs = untilMs;
  }

  private reduce(happening: UntimedTurnEvent): void {
    const before = this.state;
    const event: TurnEvent = { ...happening, atMs: this.nowMs };
    const decision = reduce(before, event, this.options.hint);
    this.state = decision.state;
    this.options.onStep?.({ before, event, decision });
    for (const effect of decision.effects) this.perform(effect);
    const asked = decision.effects.find((effect) => effect.type === 'judge_turn');
    if (asked && this.options.judge) this.reduce({ type: 'turn_judged', turn: asked.turn, ...this.options.judge(asked.turn) });
  }

  private perform(effect: TurnEffect): void {
    this.effects.push({ atMs: this.nowMs, effect });
    if (effect.type === 'set_timer') this.agenda.setTimer(effect.timer, this.nowMs + effect.delayMs);
    if (effect.type === 'clear_timer') this.agenda.clearTimer(effect.timer);
    this.options.world?.perform(effect, this.nowMs, this.agenda);
  }
}
