import { saysSomething } from '../playout/heard-text';
import type { TurnNotification } from '../turns/turn-effect';
import { isUnsure, userText } from '../turns/user-turn';
import { hold, notifications, type Rule } from './rule';

/**
 * A sound that may not be a voice is a turn only if it has words. Without words it leaves no trace: the client is shown no phase for it,
 * and every word that the client was shown is withdrawn.
 */
export function unsureRule(): Rule {
  let shown: Shown = { turn: 0, text: '' };
  return ({ before, event, decision: { state, effects } }) => {
    const told = notifications(effects);
    if (before.phase === 'USER_SPEAKING' && before.userTurn && event.type !== 'text_received') {
      const { userTurn, policy } = before;
      const heard = event.type === 'transcript_finished' ? `${userText(userTurn)} ${event.text}` : userText(userTurn);
      const isTurn = told.some((note) => note.type === 'state_changed' && note.phase === 'AI_PROCESSING');
      // The last window may have shown that it is a voice.
      const wasUnsure = isUnsure(userTurn, policy) && event.type !== 'audio_heard';
      hold(!isTurn || !wasUnsure || saysSomething(heard), 'an unsure sound is a turn only with words');
      const isDropped = state.phase === 'USER_SPEAKING' && state.turn === before.turn && state.userTurn === undefined;
      hold(!isDropped || !told.some(isState), 'no state is shown for a sound without words');
      shown = shownAfter(shown, told);
      hold(!isDropped || shown.turn !== before.turn || shown.text === '', 'words of a sound that was no turn are taken back');
      return;
    }
    shown = shownAfter(shown, told);
  };
}

const isState = ({ type }: TurnNotification): boolean => type === 'state_changed';

/** The words that the client shows for the newest turn while they are not final. */
const shownAfter = (shown: Shown, told: readonly TurnNotification[]): Shown =>
  told.reduce((before, note) => (note.type === 'transcript' ? { turn: note.turn, text: note.isFinal ? '' : note.text } : before), shown);

interface Shown {
  turn: number;
  text: string;
}
