import * as fc from 'fast-check';
import { act } from '../testing/action';
import { actions, ending, policies, userActions, worldScripts } from '../testing/arbitrary-actions';
import { ConversationScript, type ScriptOptions, type Step } from '../testing/conversation-script';
import { droppedAsEcho } from '../testing/echo-invariants';
import { invariants } from '../testing/invariants';
import { SimulatedWorld } from '../testing/simulated-world';
import { reduce } from './reduce';
import type { TurnEffect } from './turn-effect';
import { DEFAULT_TURN_POLICY, type TurnPolicy } from './turn-policy';
import { idle } from './turn-state';
import { openSegment } from './user-turn';

const SEED = 20_261_120;
/** Every third turn is not answered, and two people take turns. */
const judge = (turn: number) => ({ isAnswered: turn % 3 !== 0, ...(turn % 2 === 0 && { speaker: 'Asha' }) });

/** A running conversation that throws as soon as an invariant is violated. */
function watchedConversation(policy: Partial<TurnPolicy>, options: ScriptOptions = {}): ConversationScript {
  const rule = invariants();
  const onStep = (step: Step) => {
    rule(step);
    options.onStep?.(step);
  };
  const talk = new ConversationScript(policy, { judge, ...options, onStep });
  talk.happens({ type: 'conversation_started' });
  return talk;
}

/** Freezes a value deeply, except for sample buffers: JavaScript cannot freeze them, and the engine never writes to them. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}

/** Fires only timers from here on; returns how long it took until the conversation had ended. */
function runToEnd(talk: ConversationScript): number {
  const startMs = talk.nowMs;
  while (talk.phase !== 'IDLE' && talk.nowMs - startMs < 600_000) talk.wait(1_000);
  expect(talk.phase).toBe('IDLE');
  return talk.nowMs - startMs;
}

const nameOf = (effect: TurnEffect): string => (effect.type === 'notify' ? `notify ${effect.notification.type}` : effect.type);

describe('the reducer of pipeline conversations', () => {
  it('keeps its invariants for any order of events, and every conversation ends', () => {
    const seen = new Map<string, number>();
    let earlyDrafts = 0;
    let echoes = 0;
    let finalsInVain = 0;
    const onStep = (step: Step) => {
      const { state, effects } = step.decision;
      if (droppedAsEcho(step)) echoes++;
      if (step.before.phase === 'USER_SPEAKING' && state.phase === 'USER_SPEAKING') {
        finalsInVain += (state.drafts.total.finalsInVain ?? 0) - (step.before.drafts.total.finalsInVain ?? 0);
      }
      const isEarly = state.phase === 'USER_SPEAKING' && state.userTurn && openSegment(state.userTurn);
      if (isEarly) earlyDrafts += effects.filter(({ type }) => type === 'start_reply').length;
    };
    fc.assert(
      fc.property(policies, actions, ending, (policy, list, last) => {
        const talk = watchedConversation(policy, { onStep });
        for (const action of [...list, ...last]) act(talk, action);
        for (const { effect } of talk.effects) seen.set(nameOf(effect), (seen.get(nameOf(effect)) ?? 0) + 1);
        const sentMs = talk.state.phase === 'AI_SPEAKING' ? talk.state.reply.playout.sentMs : 0;
        expect(runToEnd(talk)).toBeLessThan(120_000 + sentMs);
      }),
      { seed: SEED, numRuns: 700 },
    );
    expect([...seen.keys()].sort()).toEqual([
      'cancel_reply',
      'clear_timer',
      'discard_utterance',
      'end_session',
      'expect_echo',
      'finish_audio',
      'finish_speech',
      'finish_utterance',
      'hold_audio',
      'judge_turn',
      'notify ducked',
      'notify ended',
      'notify ending_soon',
      'notify interrupted',
      'notify paused',
      'notify reply_text',
      'notify stage_failed',
      'notify state_changed',
      'notify transcript',
      'notify turn_limit_reached',
      'notify turn_measured',
      'open_utterance',
      'send_audio',
      'set_timer',
      'speak',
      'speak_fallback',
      'start_reply',
    ]);
    expect(Math.min(...seen.values())).toBeGreaterThan(50);
    expect(earlyDrafts).toBeGreaterThan(50);
    expect(echoes).toBeGreaterThan(20);
    expect(finalsInVain).toBeGreaterThan(50);
  });

  it('decides the same for the same events, and does not change what it is given', () => {
    fc.assert(
      fc.property(policies, actions, (policy, list) => {
        const steps: Step[] = [];
        const onStep = (step: Step) => {
          deepFreeze(step);
          steps.push(step);
        };
        const talk = watchedConversation(policy, { onStep });
        for (const action of list) act(talk, action);
        let state = idle({ ...DEFAULT_TURN_POLICY, ...policy }) as Step['before'];
        for (const { event, decision } of steps) {
          const again = reduce(state, event);
          expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
          state = again.state;
        }
      }),
      { seed: SEED, numRuns: 30 },
    );
  });
});

describe('a conversation whose stages answer late, fail and hang', () => {
  it('keeps its invariants whatever the user does', () => {
    fc.assert(
      fc.property(policies, worldScripts, userActions, (policy, script, list) => {
        const talk = watchedConversation(policy, { world: new SimulatedWorld(script) });
        for (const action of list) act(talk, action);
        runToEnd(talk);
      }),
      { seed: SEED, numRuns: 250 },
    );
  });
});

describe('a sound that is not clearly a voice', () => {
  const sound = fc.record({
    policy: fc.record({
      turnTaking: fc.constantFrom('fixed' as const, 'adaptive' as const),
      draftAfterSilenceMs: fc.constantFrom(undefined, 200),
      maxEarlyDrafts: fc.constantFrom(0, 3),
      interruptionMode: fc.constantFrom('immediate' as const, 'resumable' as const),
    }),
    leadMs: fc.integer({ min: 0, max: 3_000 }),
    windows: fc.integer({ min: 3, max: 20 }),
    partial: fc.constantFrom('', 'huh', 'stop now'),
    partialAfterMs: fc.integer({ min: 0, max: 800 }),
    /** The effects from before the end of its silence until long after it. */
    finalAfterMs: fc.integer({ min: 0, max: 4_000 }),
    final: fc.constantFrom('stop', 'no', 'हाँ', '', ' ', '...', '[cough]'),
  });

  /** The sound, and the transcript that the recogniser returns as soon as it is asked. */
  function hearSound(talk: ConversationScript, { leadMs, windows, partial, partialAfterMs, finalAfterMs, final }: SoundOf): void {
    talk.silence(leadMs);
    talk.cough(windows * 32);
    talk.silence(partialAfterMs);
    const { state } = talk;
    const utterance = state.phase === 'IDLE' ? 0 : state.nextUtterance - 1;
    if (partial !== '') talk.happens({ type: 'transcript_changed', utterance, text: partial });
    talk.silence(1_600 + finalAfterMs);
    talk.happens({ type: 'transcript_finished', utterance, text: final });
    talk.silence(1_600);
  }
  type SoundOf = typeof sound extends fc.Arbitrary<infer Value> ? Value : never;

  it('is a turn when it has words, and leaves no trace when it has none', () => {
    fc.assert(
      fc.property(sound, (heard) => {
        const talk = watchedConversation(heard.policy);
        const before = talk.effects.length;
        hearSound(talk, heard);
        const phases = talk.effects
          .slice(before)
          .flatMap(({ effect }) =>
            effect.type === 'notify' && effect.notification.type === 'state_changed' ? [effect.notification.phase] : [],
          );
        const isTurn = /\p{L}/u.test(heard.final.replace('[cough]', ''));
        expect(phases).toEqual(isTurn ? ['AI_PROCESSING'] : []);
        if (isTurn) return;
        expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, userTurn: undefined, draft: undefined, memory: [] });
        expect(talk.runningTimers).toEqual(['inactivity']);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
