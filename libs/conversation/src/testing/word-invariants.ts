import { bare, saysSomething, wordsOf } from '../playout/heard-text';
import type { TurnState } from '../turns/turn-state';
import { type UserTurn } from '../turns/user-turn';
import type { Step } from './conversation-script';
import { hold, notifications, type Rule } from './rule';

interface Words {
  text: string;
  typed: boolean;
  /** The number of the utterance, for spoken words. */
  utterance: number | undefined;
  /** The audio clock at the beginning of the utterance. */
  fromAudioMs: number;
}

/**
 * The words of the user are in the turn that the model receives: all typed words and all words that a recogniser has finished, in order.
 * Only the stop button and the end of the conversation remove typed words. Spoken words may also turn out to be a noise, a back-channel or
 * an echo, and when a recogniser has failed, the user is told.
 */
export function wordRule(): Rule {
  /** Where the audio of each unfinished utterance begins. */
  const live = new Map<number, number>();
  let waiting: Words[] = [];
  let said = new Set<string>();

  const settle = (text: string, { before }: Step): void => {
    const rest = waiting.filter(({ typed }) => typed);
    const spoken = waiting.filter(({ typed }) => !typed);
    hold(isWithin(text, rest), `typed words are answered: ${JSON.stringify(rest)} in "${text}"`);
    const isEcho = spoken.every((words) => wordsOf(words.text).every((word) => said.has(bare(word))));
    const turn = turnOf(before);
    const isDropped = isEcho || turn === undefined;
    hold(isDropped || isWithin(text, waiting), `spoken words are answered: ${JSON.stringify(waiting)} in "${text}"`);
    waiting = [];
  };

  return (step) => {
    const { before, event, decision } = step;
    const { state, effects } = decision;
    if (before.phase !== 'IDLE' && event.type === 'text_received')
      waiting.push({ text: event.text, typed: true, utterance: undefined, fromAudioMs: 0 });
    if (event.type === 'transcript_finished') {
      const fromAudioMs = live.get(event.utterance);
      const isHeard = live.delete(event.utterance) && saysSomething(event.text);
      if (isHeard && fromAudioMs !== undefined) waiting.push({ text: event.text, typed: false, utterance: event.utterance, fromAudioMs });
    }
    if (event.type === 'transcription_failed') live.delete(event.utterance);
    for (const effect of effects) {
      if (effect.type === 'open_utterance') {
        live.set(effect.utterance, effect.fromAudioMs);
        // Words that are heard again arrive with the new utterance.
        waiting = waiting.filter(({ typed, fromAudioMs }) => typed || fromAudioMs < effect.fromAudioMs);
      }
      if (effect.type === 'discard_utterance') live.delete(effect.utterance);
      if (effect.type === 'speak' || effect.type === 'speak_fallback') said = new Set([...said, ...wordsOf(effect.text).map(bare)]);
    }
    const isTakenBack = event.type === 'interrupt_requested' && before.phase !== 'USER_SPEAKING';
    if (isTakenBack || state.phase === 'IDLE') waiting = [];
    const dropped =
      state.phase !== 'USER_SPEAKING' && pendingInterruptionIn(state) === undefined ? pendingInterruptionIn(before) : undefined;
    waiting = waiting.filter(({ utterance }) => utterance === undefined || !dropped?.segments.some((part) => part.utterance === utterance));
    const told = notifications(effects);
    for (const note of told) if (note.type === 'transcript' && note.isFinal) settle(note.text, step);
    if (!told.some((note) => note.type === 'stage_failed' && note.stage === 'stt')) return;
    hold(!waiting.some(({ typed }) => typed), 'what was typed is answered without the recogniser');
    waiting = [];
  };
}

const pendingInterruptionIn = (state: TurnState): UserTurn | undefined =>
  state.phase === 'AI_SPEAKING' || state.phase === 'AI_PROCESSING' ? state.pendingInterruption?.userTurn : undefined;

function turnOf(state: TurnState): UserTurn | undefined {
  if (state.phase === 'IDLE') return undefined;
  return state.phase === 'AI_SPEAKING' ? state.pendingInterruption?.userTurn : state.userTurn;
}

/**
 * Whether the text contains all of the words. Their order is not checked, because parts of a turn may arrive in another order than they
 * were spoken.
 */
const isWithin = (text: string, all: readonly Words[]): boolean => all.every((words) => text.includes(words.text.trim()));
