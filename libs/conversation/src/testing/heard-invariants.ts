import { wordsOf } from '../playout/heard-text';
import { playedSoFarMs } from '../playout/playout';
import type { TurnEffect } from '../turns/turn-effect';
import { hold, notifications, type Rule } from './rule';

/** The text that is reported as heard was given to the voice, in that order and from its first word on. Nobody hears more than was sent. */
export function heardRule(): Rule {
  /** The words for each voice. When one voice fails, another one takes over. */
  let voices: string[][] = [];
  let reported = { turn: 0, playedMs: 0 };

  return ({ before, event, decision: { state, effects } }) => {
    for (const told of notifications(effects)) {
      if (told.type !== 'turn_measured' || told.heardText === undefined) continue;
      hold(before.phase === 'AI_SPEAKING', 'only a reply that is spoken is heard');
      hold(heardInText(effects) === told.heardText, `the text says what the measures say: ${told.heardText}`);
      const heard = wordsOf(told.heardText);
      const given = voices.flat();
      hold(isWithin(heard, given), `heard is part of what was said: ${told.heardText}`);
      hold(voices.length > 1 || heard.every((word, index) => word === given[index]), `heard from the first word on: ${told.heardText}`);
    }
    for (const effect of effects) {
      if (effect.type === 'start_reply') voices = [[]];
      if (effect.type === 'speak_fallback') voices.push([]);
      if (effect.type === 'speak' || effect.type === 'speak_fallback') voices.at(-1)?.push(...wordsOf(effect.text));
    }
    if (state.phase !== 'AI_SPEAKING') return;
    const { reportedMs: playedMs = 0, sentMs } = state.reply.playout;
    hold(playedSoFarMs(state.reply, event.atMs) <= sentMs, 'nobody hears more than was sent');
    hold(reported.turn !== state.turn || playedMs >= reported.playedMs, 'what was heard was heard');
    reported = { turn: state.turn, playedMs };
  };
}

const heardInText = (effects: readonly TurnEffect[]): string | undefined =>
  notifications(effects).flatMap((told) => (told.type === 'reply_text' && told.final ? [told.final.heardText] : []))[0];

/** Whether `all` contains all `words` in order. */
function isWithin(words: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const word of all) if (word === words[next]) next++;
  return next === words.length;
}
