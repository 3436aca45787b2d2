import type { DraftCounts } from '../lib/draft-counts';
import { hold, notifications, type Rule } from './rule';

/** Every draft is counted once when it starts and once when it is over, and everything counted is told by the end. */
export function draftRule(): Rule {
  let started = 0;
  const told = { started: 0, over: 0, wastedCharacters: 0 };
  const note = (counts: DraftCounts | undefined): void => {
    told.started += counts?.started ?? 0;
    told.over += (counts?.kept ?? 0) + (counts?.cancelled ?? 0);
    told.wastedCharacters += counts?.wastedCharacters ?? 0;
  };

  return ({ before, decision: { state, effects } }) => {
    // Only a reply that is asked for while the user has the word is a draft.
    if (state.phase === 'USER_SPEAKING') started += effects.filter(({ type }) => type === 'start_reply').length;
    for (const notification of notifications(effects)) {
      if (notification.type === 'turn_measured' || notification.type === 'ended') note(notification.drafts);
    }
    if (state.phase === 'IDLE') {
      if (before.phase === 'IDLE') return;
      hold(told.started === started && told.over === started, 'all drafts have been told');
      hold(told.wastedCharacters >= before.drafts.total.wastedCharacters, 'all waste has been told');
      return;
    }
    const { total, recent } = state.drafts;
    const alive =
      state.phase === 'USER_SPEAKING' ? state.draft : state.phase === 'AI_PROCESSING' && state.userTurn ? state.reply : undefined;
    hold(total.started === started, 'every draft is counted');
    hold(total.kept + total.cancelled + (alive ? 1 : 0) === started, 'a draft is alive, kept or cancelled');
    hold(told.started + recent.started === started, 'what was counted was told, or will be');
  };
}
