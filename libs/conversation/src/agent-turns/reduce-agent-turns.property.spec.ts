import * as fc from 'fast-check';
import { agentActions, performAgentAction } from '../testing/agent-actions';
import { agentInvariants } from '../testing/agent-invariants';
import { AgentScript, type AgentStep } from '../testing/agent-script';
import type { AgentTurnEffect } from './agent-turn-effect';
import { agentIdle } from './agent-turn-state';
import { reduceAgentTurns } from './reduce-agent-turns';

const SEED = 20_261_130;
/** Every third turn is not answered, and two people take turns. */
const judge = (turn: number) => ({ isAnswered: turn % 3 !== 0, ...(turn % 2 === 0 && { speaker: 'Asha' }) });
const nameOf = (effect: AgentTurnEffect): string => (effect.type === 'notify' ? `notify ${effect.notification.type}` : effect.type);

describe('the reducer of agent conversations', () => {
  it('keeps its invariants for any order of events, and every conversation ends', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(agentActions, fc.boolean(), (actions, judgesTurns) => {
        const rule = agentInvariants();
        const onStep = (step: AgentStep) => {
          rule(step);
          for (const effect of step.decision.effects) seen.set(nameOf(effect), (seen.get(nameOf(effect)) ?? 0) + 1);
        };
        const talk = new AgentScript({ maxSessionMs: 90_000, judgesTurns }, onStep, judge);
        talk.happens({ type: 'conversation_started' });
        for (const action of actions) performAgentAction(talk, action);
        // Tools end and connections are restored within a bounded time. After that no event arrives, so the timers alone must end the conversation.
        talk.endTools();
        talk.reconnect();
        const startMs = talk.nowMs;
        while (talk.state.phase !== 'IDLE' && talk.nowMs - startMs < 600_000) talk.wait(1_000);
        expect(talk.state.phase).toBe('IDLE');
      }),
      { seed: SEED, numRuns: 400 },
    );
    expect([...seen.keys()].sort()).toEqual([
      'cancel_audio',
      'clear_timer',
      'end_session',
      'finish_audio',
      'judge_turn',
      'notify agent_failed',
      'notify audio_dropped',
      'notify ending_soon',
      'notify interrupted',
      'notify reply_text',
      'notify state_changed',
      'notify tool',
      'notify transcript',
      'notify turn_measured',
      'send_audio',
      'send_text',
      'set_timer',
      'take_notice',
      'update_context',
    ]);
    expect(Math.min(...seen.values())).toBeGreaterThan(30);
  });

  it('decides the same for the same events, and does not change the events or the state', () => {
    fc.assert(
      fc.property(agentActions, (actions) => {
        const steps: AgentStep[] = [];
        const talk = new AgentScript({}, (step) => {
          deepFreeze(step);
          steps.push(step);
        });
        talk.happens({ type: 'conversation_started' });
        for (const action of actions) performAgentAction(talk, action);
        let state: AgentStep['before'] = agentIdle(talk.policy);
        for (const { event, decision } of steps) {
          const again = reduceAgentTurns(state, event);
          expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
          state = again.state;
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
});

/** Freezes a value deeply, except for sample buffers, which JavaScript cannot freeze. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}
