import type { AgentTurnEffect, AgentTurnNotification } from '../agent-turns/agent-turn-effect';
import type { AgentTimerName } from '../agent-turns/agent-turn-event';
import { isAnswering, isCutOff } from '../agent-turns/agent-turn-state';
import type { Phase } from '../turns/turn-effect';
import type { AgentStep } from './agent-script';
import { hold } from './rule';

type AgentRule = (step: AgentStep) => void;

/** The rules that hold in every conversation with an agent, whatever happens in it. One set watches one conversation. */
export function agentInvariants(): AgentRule {
  const rules = [verdictRule(), phaseRule(), stoppedTurnRule(), heardRule(), measuredRule(), timerRule(), endRule()];
  return (step) => rules.forEach((rule) => rule(step));
}

const told = (effects: readonly AgentTurnEffect[]): AgentTurnNotification[] =>
  effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notification] : []));

const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  IDLE: ['USER_SPEAKING'],
  USER_SPEAKING: ['AI_PROCESSING', 'IDLE'],
  AI_PROCESSING: ['AI_SPEAKING', 'USER_SPEAKING', 'IDLE'],
  AI_SPEAKING: ['USER_SPEAKING', 'IDLE'],
};

/** Nothing is heard, shown, measured or reported as failed in a turn that is not to be answered. */
function verdictRule(): AgentRule {
  const unanswered = new Set<number>();
  return ({ before, event, decision: { state, effects } }) => {
    const isJudged = event.type === 'turn_judged' && isAnswering(before) && before.unjudged !== undefined && before.turn === event.turn;
    if (isJudged && !event.isAnswered) {
      unanswered.add(event.turn);
      hold(state.phase === 'IDLE' || (state.phase === 'USER_SPEAKING' && state.turn === event.turn + 1), 'it is the users’ turn again');
    }
    for (const effect of effects) {
      if (effect.type === 'send_audio') hold(!unanswered.has(effect.turn), `nothing is said in turn ${effect.turn}`);
      if (effect.type !== 'notify') continue;
      const note = effect.notification;
      if (note.type === 'reply_text' || note.type === 'turn_measured' || note.type === 'agent_failed')
        hold(!unanswered.has(note.turn), `no ${note.type} in turn ${note.turn}`);
    }
  };
}

/**
 * The client is told about every change of phase, each change is one that clients know, and a turn is over when the user may speak again.
 */
function phaseRule(): AgentRule {
  let phase: Phase = 'IDLE';
  let turn = 0;
  return ({ decision: { state, effects } }) => {
    for (const note of told(effects)) {
      if (note.type !== 'state_changed') continue;
      hold(NEXT[phase].includes(note.phase), `${phase} is followed by ${note.phase}`);
      hold(note.turn === (note.phase === 'USER_SPEAKING' ? turn + 1 : turn), `turn ${note.turn} after ${turn}`);
      ({ phase, turn } = note);
    }
    hold(phase === state.phase, `the client was told ${phase}, it is ${state.phase}`);
    if (state.phase !== 'IDLE') hold(state.turn === turn, 'the client knows the turn');
    if (isAnswering(state)) hold(state.reply.turn === turn, 'the reply in hand is of the turn');
  };
}

/** Nothing of a past turn is sent, and its audio is cancelled before the client is told that it is over. */
function stoppedTurnRule(): AgentRule {
  let overTurn = 0;
  const finished = new Set<number>();
  return ({ decision: { effects } }) => {
    let cancelled = 0;
    for (const effect of effects) {
      if (effect.type === 'cancel_audio') cancelled = effect.turn;
      if (effect.type === 'send_audio' || effect.type === 'finish_audio')
        hold(effect.turn > overTurn, `audio of turn ${effect.turn}, which is over`);
      if (effect.type === 'send_audio') hold(!finished.has(effect.turn), `audio of turn ${effect.turn} behind its end`);
      if (effect.type === 'finish_audio') hold(!finished.has(effect.turn), `turn ${effect.turn} is finished once`);
      if (effect.type === 'finish_audio') finished.add(effect.turn);
      if (effect.type !== 'notify') continue;
      const note = effect.notification;
      if (note.type === 'interrupted') hold(cancelled === note.turn, 'audio is cancelled before the interruption is told');
      if (note.type === 'interrupted') overTurn = note.turn;
      if (note.type === 'state_changed' && note.phase === 'USER_SPEAKING') overTurn = note.turn - 1;
      if (note.type === 'reply_text' && note.text !== '') hold(note.turn > overTurn, `new text of turn ${note.turn}, which is over`);
    }
  };
}

/** Never is more audio heard than was sent, or more sent than has arrived. */
function heardRule(): AgentRule {
  return ({ event, decision: { state } }) => {
    if (!isAnswering(state)) return;
    const { playout, spoken } = state.reply;
    const heardMs = playout.playedMs(event.atMs);
    hold(heardMs >= 0 && heardMs <= playout.sentMs, `heard ${heardMs} of ${playout.sentMs}`);
    hold(playout.sentMs <= spoken.producedMs + 0.01, `sent ${playout.sentMs} of ${spoken.producedMs}`);
  };
}

/** A turn is measured at most once, and from the words of its user. */
function measuredRule(): AgentRule {
  let measured = 0;
  const asked = new Set<number>();
  return ({ decision: { effects } }) => {
    for (const note of told(effects)) {
      if (note.type === 'transcript' && note.isFinal) asked.add(note.turn);
      if (note.type !== 'turn_measured') continue;
      hold(note.turn > measured && asked.has(note.turn), `turn ${note.turn} is measured once, and was asked`);
      hold((note.marks.speech_end ?? note.marks.stt_final) === 0, 'marks are counted from the user’s words');
      hold(Object.values(note.marks).every(Number.isFinite), 'marks are numbers');
      measured = note.turn;
    }
  };
}

/** Every answer has a timer that ends it, unless it waits for a connection. No timer outlives the conversation. */
function timerRule(): AgentRule {
  const running = new Set<AgentTimerName>();
  return ({ event, decision: { state, effects } }) => {
    if (event.type === 'timer_fired') running.delete(event.timer);
    for (const effect of effects) {
      if (effect.type === 'set_timer') hold(effect.delayMs >= 0, 'a delay is not negative');
      if (effect.type === 'set_timer') running.add(effect.timer);
      if (effect.type === 'clear_timer') running.delete(effect.timer);
    }
    if (state.phase === 'IDLE') return hold(running.size === 0, `no timer after the end: ${[...running].join()}`);
    if (event.type !== 'timer_fired') hold(running.has('inactivity'), 'the limits are looked after');
    if (state.phase === 'USER_SPEAKING') hold(!running.has('playout'), 'nothing is played out in the user’s turn');
    if (isAnswering(state) && !isCutOff(state)) hold(running.has('playout'), `playout runs in ${state.phase}`);
  };
}

/** The end is reported once, and nothing happens after it. */
function endRule(): AgentRule {
  let ended = false;
  return ({ decision: { state, effects } }) => {
    hold(!ended || effects.length === 0, 'nothing happens after the end');
    const ends = effects.filter(({ type }) => type === 'end_session').length;
    hold(ends === (!ended && state.phase === 'IDLE' && state.ended !== undefined ? 1 : 0), 'a conversation ends once');
    ended ||= ends > 0;
    if (ends > 0) hold(effects.at(-1)?.type === 'end_session', 'the end is the last effect');
  };
}
