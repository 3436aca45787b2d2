import type { TurnEffect } from '../turns/turn-effect';
import type { TimerName } from '../turns/turn-event';
import type { AiProcessing, AiSpeaking, TurnState } from '../turns/turn-state';
import { playedSoFarMs } from '../playout/playout';
import { INTERRUPTED_MARK, type Memory } from '../memory/memory';
import { estimateTokens } from '../memory/estimate-tokens';
import { answerRule, draftRule, earlyDraftRule } from './draft-invariants';
import { echoRule } from './echo-invariants';
import { heardRule } from './heard-invariants';
import { replyRule, utteranceRule } from './resource-invariants';
import { hold, notifications, type Rule } from './rule';
import { unsureRule } from './unsure-invariants';
import { wordRule } from './word-invariants';

/** A recogniser that was asked for its words gets a little more time than one that was not. */
const MAX_FINAL_WAIT_MS = 400;

/** The rules that hold in every conversation, whatever happens in it. One set watches one conversation. */
export function invariants(): Rule {
  const rules = [
    replyRule(),
    utteranceRule(),
    turnRule(),
    interruptionRule(),
    textRule(),
    questionRule(),
    verdictRule(),
    unsureRule(),
    timerRule(),
    switchRule(),
    pauseRule(),
    lengthRule(),
    memoryRule(),
    metricsRule(),
    draftRule(),
    earlyDraftRule(),
    answerRule(),
    heardRule(),
    echoRule(),
    wordRule(),
  ];
  return (step) => rules.forEach((rule) => rule(step));
}

/** Turn numbers never decrease in anything that reaches the client. */
function turnRule(): Rule {
  let turn = 0;
  return ({ decision }) => {
    for (const effect of decision.effects) {
      const of = effect.type === 'notify' ? effect.notification : effect;
      if (!('turn' in of)) continue;
      hold(of.turn >= turn, `turn ${of.turn} after turn ${turn}`);
      turn = of.turn;
    }
  };
}

/** After `interrupted` nothing of that turn is sent. Its work is cancelled before it, and listening starts after it, in the same step. */
function interruptionRule(): Rule {
  let stoppedTurn = 0;
  return ({ decision }) => {
    let cancels = true;
    for (const [index, effect] of decision.effects.entries()) {
      // An utterance that is sent to the recogniser again, with what follows, is not cancelled work.
      const isHeardAgain = effect.type === 'discard_utterance' && decision.effects[index + 1]?.type === 'open_utterance';
      if (effect.type === 'cancel_reply' || (effect.type === 'discard_utterance' && !isHeardAgain))
        hold(cancels, 'cancelled before interrupted');
      if (effect.type === 'send_audio' || effect.type === 'finish_audio')
        hold(effect.turn > stoppedTurn, 'no audio of an interrupted turn');
      if (effect.type !== 'notify' || !('turn' in effect.notification)) continue;
      const { type, turn } = effect.notification;
      hold(turn > stoppedTurn || type === 'turn_measured', `no ${type} of an interrupted turn`);
      if (type !== 'interrupted') continue;
      stoppedTurn = turn;
      cancels = false;
    }
    const listens = notifications(decision.effects).some((told) => told.type === 'state_changed' && told.phase === 'USER_SPEAKING');
    hold(cancels || listens, 'the assistant listens after an interruption');
  };
}

/** The text of a turn only grows. Its final message has all of it, and nothing follows except, at most once, the heard part. */
function textRule(): Rule {
  const texts = new Map<number, { sent: string; final: boolean; heard: boolean }>();
  return ({ decision }) => {
    for (const told of notifications(decision.effects)) {
      if (told.type !== 'reply_text') continue;
      const before = texts.get(told.turn) ?? { sent: '', final: false, heard: false };
      const heard = told.final?.heardText !== undefined;
      hold(!before.heard && (!before.final || (heard && told.text === '')), `no text of turn ${told.turn} after its final one`);
      const sent = before.sent + told.text;
      hold(told.final === undefined || told.final.fullText === sent.trim(), `the final text is what was sent: ${sent}`);
      texts.set(told.turn, { sent, final: told.final !== undefined, heard });
    }
  };
}

/**
 * A turn is judged at most once unless its words have changed, after it has ended and before its words are told. A turn that is not to be answered is
 * remembered as the last message, and nothing is requested, said or reported as failed for it.
 */
function verdictRule(): Rule {
  const unanswered = new Set<number>();
  return ({ before, event, decision: { state, effects } }) => {
    for (const effect of effects) {
      if (effect.type === 'judge_turn') hold(state.phase === 'AI_PROCESSING' && state.policy.judgesTurns, 'ended turns are judged');
      if (effect.type === 'send_audio') hold(!unanswered.has(effect.turn), `nothing is said in turn ${effect.turn}`);
      if (effect.type !== 'notify') continue;
      const { notification: told } = effect;
      if (told.type === 'reply_text' || told.type === 'stage_failed' || told.type === 'turn_measured')
        hold(!unanswered.has(told.turn), `no ${told.type} in turn ${told.turn}`);
    }
    const isJudged = event.type === 'turn_judged' && before.phase === 'AI_PROCESSING' && before.unjudgedText !== undefined;
    if (!isJudged || event.turn !== before.turn || event.isAnswered) return;
    unanswered.add(event.turn);
    const isOver = state.phase === 'USER_SPEAKING' && state.turn === event.turn + 1;
    hold(isOver, 'it is the users’ turn again');
    if (!isOver) return;
    const said = event.speaker === undefined ? before.unjudgedText : `${event.speaker}: ${before.unjudgedText}`;
    hold(state.memory.at(-1)?.content === said, `what was said is remembered: ${said}`);
    hold(!effects.some(({ type }) => type === 'start_reply'), 'nothing is requested for it');
  };
}

/** Every turn of the user is answered, interrupted, reported as failed or found to be empty before the next one begins. */
function questionRule(): Rule {
  let open: number | undefined;
  return ({ event, decision }) => {
    if (event.type === 'turn_judged' && !event.isAnswered && event.turn === open) open = undefined;
    for (const told of notifications(decision.effects)) {
      const settles =
        told.type === 'interrupted' ||
        told.type === 'stage_failed' ||
        (told.type === 'reply_text' && told.final !== undefined) ||
        (told.type === 'transcript' && told.isFinal && told.text === '');
      if (settles && told.turn === open) open = undefined;
      if (told.type !== 'state_changed') continue;
      hold(open === undefined || told.phase !== 'USER_SPEAKING', `turn ${open} is answered, superseded or reported failed`);
      if (told.phase === 'AI_PROCESSING') open = told.turn;
    }
  };
}

/** Every state has a timer that ends it, and no timer outlives the conversation. */
function timerRule(): Rule {
  const running = new Set<TimerName>();
  return ({ event, decision: { state, effects } }) => {
    if (event.type === 'timer_fired') running.delete(event.timer);
    for (const effect of effects) {
      if (effect.type === 'set_timer') hold(effect.delayMs >= 0, 'a delay is not negative');
      if (effect.type === 'set_timer') running.add(effect.timer);
      if (effect.type === 'clear_timer') running.delete(effect.timer);
    }
    for (const timer of timersOf(state)) hold(running.has(timer), `${timer} runs in ${state.phase}`);
    if (state.phase === 'IDLE') hold(running.size === 0, `no timer after the end: ${[...running].join()}`);
  };
}

function timersOf(state: TurnState): TimerName[] {
  switch (state.phase) {
    case 'IDLE':
      return [];
    case 'USER_SPEAKING':
      return state.userTurn ? ['inactivity', 'audio_gap'] : ['inactivity'];
    case 'AI_PROCESSING':
      return ['inactivity', 'stalled', ...waitsForWords(state)];
    case 'AI_SPEAKING':
      return [
        'inactivity',
        state.reply.audioFinished ? 'playback_overdue' : 'stalled',
        ...(state.ducked ? ['audio_gap' as const] : []),
        ...waitsForWords(state),
      ];
  }
}

const waitsForWords = ({ pendingInterruption }: AiProcessing | AiSpeaking): TimerName[] =>
  pendingInterruption?.dueAtMs !== undefined ? ['resume'] : [];

const isPaused = (state: TurnState): boolean => state.phase === 'AI_SPEAKING' && state.pendingInterruption?.pausedAtMs !== undefined;

/**
 * Expecting the echo, lowering the volume, pausing and holding audio are switched on and off in turns, and are all off when speaking ends.
 */
function switchRule(): Rule {
  let echo = false;
  let ducked = false;
  let paused = false;
  let held = false;
  return ({ decision: { state, effects } }) => {
    for (const effect of effects) {
      if (effect.type === 'expect_echo') {
        hold(effect.active !== echo, 'expect_echo changes');
        echo = effect.active;
      }
      if (effect.type === 'hold_audio') {
        hold(effect.active !== held, 'hold_audio changes');
        held = effect.active;
      }
      if (effect.type !== 'notify') continue;
      if (effect.notification.type === 'paused') {
        hold(effect.notification.active !== paused, 'paused changes');
        paused = effect.notification.active;
      }
      if (effect.notification.type === 'ducked') {
        hold(effect.notification.active !== ducked, 'ducked changes');
        ducked = effect.notification.active;
      }
      if (effect.notification.type === 'interrupted' || effect.notification.type === 'ended') ducked = paused = false;
    }
    hold(echo === (state.phase === 'AI_SPEAKING'), 'echo is expected while the assistant speaks');
    hold(ducked === (state.phase === 'AI_SPEAKING' && state.ducked), 'the client knows whether the voice is ducked');
    hold(paused === isPaused(state) && held === paused, 'audio is held as long as the client is paused');
    hold(!paused || ducked, 'what is paused was ducked');
  };
}

const tokensOf = (memory: Memory): number => memory.reduce((sum, { content }) => sum + estimateTokens(content), 0);

const heardIn = (effects: readonly TurnEffect[]): string | undefined =>
  notifications(effects).flatMap((told) => (told.type === 'turn_measured' && told.heardText) || [])[0];

/** A pause ends within a bounded time, with an interruption or at the position where it began. Nothing is heard during it. */
function pauseRule(): Rule {
  return ({ before, event, decision: { state } }) => {
    if (before.phase !== 'AI_SPEAKING' || before.pendingInterruption?.pausedAtMs === undefined) return;
    const { pausedAtMs } = before.pendingInterruption;
    const { resumeWaitMs } = before.policy;
    hold(event.atMs - pausedAtMs <= resumeWaitMs + MAX_FINAL_WAIT_MS, 'a pause is short');
    if (state.phase !== 'AI_SPEAKING' || isPaused(state) || event.type === 'playback_reported' || state.reply.id !== before.reply.id)
      return;
    const [pausedAt, resumedAt] = [playedSoFarMs(before.reply, pausedAtMs), playedSoFarMs(state.reply, event.atMs)];
    hold(Math.abs(pausedAt - resumedAt) < 0.01, `paused at ${pausedAt}, goes on at ${resumedAt}`);
  };
}

/** No conversation is longer than its maximum length, and its end is announced once. */
function lengthRule(): Rule {
  let announced = false;
  return ({ before, event, decision: { state, effects } }) => {
    const tells = notifications(effects).filter(({ type }) => type === 'ending_soon').length;
    hold(tells <= (announced ? 0 : 1), 'the end is announced once');
    announced ||= tells > 0;
    if (state.phase === 'IDLE' || before.phase === 'IDLE') return;
    hold(event.atMs - before.startedAtMs <= state.policy.maxSessionMs, 'a conversation has its greatest length');
  };
}

/** The memory is bounded and begins with the user. It contains only replies that were played to their end, or what was heard of them. */
function memoryRule(): Rule {
  return ({ before, decision: { state, effects } }) => {
    if (state.phase === 'IDLE' || before.phase === 'IDLE') return;
    hold(state.memory.length <= state.policy.maxMemoryMessages, 'memory is bounded');
    hold(state.memory.length <= 1 || tokensOf(state.memory) <= state.policy.maxMemoryTokens, 'memory is bounded in tokens');
    hold(state.earlier.join('').length <= 700, 'what is told of the rest is bounded');
    hold(state.memory[0] === undefined || state.memory[0].role === 'user', 'memory begins with the user');
    const last = state.memory.at(-1);
    if (state.memory === before.memory || last?.role !== 'assistant') return;
    if (last.content.endsWith(INTERRUPTED_MARK)) {
      hold(state.policy.memoryOnInterruption === 'heard', 'what was heard is remembered only where it should be');
      hold(last.content === `${heardIn(effects) ?? ''} ${INTERRUPTED_MARK}`, 'what is remembered of an interrupted reply was heard');
      return;
    }
    // Typed words are answered even when the recogniser has failed on the spoken ones.
    const isStopped = notifications(effects).some(
      (told) => told.type === 'interrupted' || (told.type === 'stage_failed' && told.stage !== 'stt'),
    );
    hold(!isStopped, 'only whole replies are remembered');
    const reply = before.phase === 'USER_SPEAKING' ? before.draft : before.reply;
    hold(reply?.kind === 'model', 'prepared sentences are not remembered');
  };
}

/** A turn is measured at most once, from its own end of speech, and nobody has heard more than was sent. */
function metricsRule(): Rule {
  let measuredTurn = 0;
  return ({ decision: { state, effects } }) => {
    for (const told of notifications(effects)) {
      if (told.type !== 'turn_measured') continue;
      hold(told.turn > measuredTurn, `turn ${told.turn} is measured once`);
      hold(told.marks.speech_end === 0 && Object.values(told.marks).every(Number.isFinite), 'marks are counted from the end of speech');
      measuredTurn = told.turn;
    }
    if (state.phase === 'AI_SPEAKING') hold((state.reply.playout.reportedMs ?? 0) <= state.reply.playout.sentMs, 'heard is part of sent');
  };
}
