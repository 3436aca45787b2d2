import { bare, saysSomething, wordsOf } from '../playout/heard-text';
import type { TurnState } from '../turns/turn-state';
import { type UserTurn } from '../turns/user-turn';
import type { Step } from './conversation-script';
import { hold, notifications, type Rule } from './rule';

interface Words {
  text: string;
  typed: boolean;
  /** Of spoken words. */
  utterance: number | undefined;
  /** Audio clock at the beginning of the utterance. */
  fromAudioMs: number;
}

/**
 * Words of the user are in the turn that the model sees: all that were typed, and all that a recogniser has finished, in their order. Only the
 * button and the end of the conversation take typed ones back; spoken ones may also turn out to be a noise, a back-channel or an echo, and where a
 * recogniser has failed, the user is told so.
 */
export function wordRule(): Rule {
  /** Where the audio of each utterance begins that is neither finished nor discarded. */
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
        // What is heard again comes with the new utterance.
        waiting = waiting.filter(({ typed, fromAudioMs }) => typed || fromAudioMs < effect.fromAudioMs);
      }
      if (effect.type === 'discard_utterance') live.delete(effect.utterance);
      if (effect.type === 'speak' || effect.type === 'speak_fallback') said = new Set([...said, ...wordsOf(effect.text).map(bare)]);
    }
    const isTakenBack = event.type === 'interrupt_requested' && before.phase !== 'USER_SPEAKING';
    if (isTakenBack || state.phase === 'IDLE') waiting = [];
    const dropped = state.phase !== 'USER_SPEAKING' && challengeIn(state) === undefined ? challengeIn(before) : undefined;
    waiting = waiting.filter(({ utterance }) => utterance === undefined || !dropped?.segments.some((part) => part.utterance === utterance));
    const told = notifications(effects);
    for (const note of told) if (note.type === 'transcript' && note.isFinal) settle(note.text, step);
    if (!told.some((note) => note.type === 'stage_failed' && note.stage === 'stt')) return;
    hold(!waiting.some(({ typed }) => typed), 'what was typed is answered without the recogniser');
    waiting = [];
  };
}

const challengeIn = (state: TurnState): UserTurn | undefined =>
  state.phase === 'AI_SPEAKING' || state.phase === 'AI_PROCESSING' ? state.challenge?.userTurn : undefined;

function turnOf(state: TurnState): UserTurn | undefined {
  if (state.phase === 'IDLE') return undefined;
  return state.phase === 'AI_SPEAKING' ? state.challenge?.userTurn : state.userTurn;
}

/** Whether the words stand in the text, in this order. A turn whose parts came in another order than they were said has them all the same. */
const isWithin = (text: string, all: readonly Words[]): boolean => all.every((words) => text.includes(words.text.trim()));
