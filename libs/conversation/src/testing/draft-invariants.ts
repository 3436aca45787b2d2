import type { DraftCounts } from '../turns/draft-counts';
import { openSegment, sameWords } from '../turns/user-turn';
import { hold, notifications, type Rule } from './rule';

/** Every draft is counted once when it starts and once when it is over, and all counts are reported by the end. */
export function draftRule(): Rule {
  let started = 0;
  const told = { started: 0, over: 0, wastedCharacters: 0, finalsInVain: 0 };
  const note = (counts: DraftCounts | undefined): void => {
    told.started += counts?.started ?? 0;
    told.over += (counts?.kept ?? 0) + (counts?.cancelled ?? 0);
    told.wastedCharacters += counts?.wastedCharacters ?? 0;
    told.finalsInVain += counts?.finalsInVain ?? 0;
  };

  return ({ before, decision: { state, effects } }) => {
    for (const effect of effects) {
      if (effect.type !== 'start_reply') continue;
      // Only a reply that is requested during the user’s turn is a draft.
      const isDraft = state.phase === 'USER_SPEAKING';
      hold(effect.speculative === isDraft, `the request of reply ${effect.reply} says whether it is a draft`);
      if (isDraft) started += 1;
    }
    for (const notification of notifications(effects)) {
      if (notification.type === 'turn_measured' || notification.type === 'ended') note(notification.drafts);
    }
    if (state.phase === 'IDLE') {
      if (before.phase === 'IDLE') return;
      hold(told.started === started && told.over === started, 'all drafts have been told');
      hold(told.finalsInVain === (before.drafts.total.finalsInVain ?? 0), 'all finals in vain have been told');
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

/** Early drafts are few in every turn, have different words each, and are never made under a policy without them. */
export function earlyDraftRule(): Rule {
  let turn = 0;
  let words: string[] = [];
  return ({ before, decision: { state, effects } }) => {
    if (before.phase !== 'USER_SPEAKING' || state.phase !== 'USER_SPEAKING') return;
    // A sound that was dropped leaves the number of its turn to the next one.
    if (before.turn !== turn || before.userTurn === undefined) words = [];
    turn = before.turn;
    const isEarly = before.userTurn !== undefined && openSegment(before.userTurn) && state.userTurn && openSegment(state.userTurn);
    const begun = isEarly ? effects.filter((effect) => effect.type === 'start_reply') : [];
    for (const { messages } of begun) {
      hold(state.policy.draftAfterSilenceMs !== undefined, 'no draft where the policy has none');
      const text = (messages.at(-1)?.content ?? '').replace(/^(Asha|Ravi): /u, '');
      hold(words.length === 0 || !sameWords(words.at(-1) ?? '', text), 'the same words are not tried twice in a row');
      words.push(text);
      hold(words.length <= state.policy.maxEarlyDrafts, `at most ${state.policy.maxEarlyDrafts} early drafts in a turn`);
    }
  };
}

/** Everything that reaches the listener answers the final words that the client was shown, not an earlier version of them. */
export function answerRule(): Rule {
  const asked = new Map<number, string>();
  const finals = new Map<number, string>();
  return ({ decision: { state, effects } }) => {
    for (const effect of effects) {
      if (effect.type === 'start_reply') asked.set(effect.reply, effect.messages.at(-1)?.content ?? '');
      if (effect.type === 'notify' && effect.notification.type === 'transcript' && effect.notification.isFinal) {
        finals.set(effect.notification.turn, effect.notification.text);
      }
      if (effect.type === 'send_audio') holdAnswers(effect.turn, effect.reply);
      if (effect.type !== 'notify' || effect.notification.type !== 'reply_text') continue;
      const reply = state.phase === 'AI_PROCESSING' || state.phase === 'AI_SPEAKING' ? state.reply?.id : undefined;
      if (reply !== undefined) holdAnswers(effect.notification.turn, reply);
    }
  };

  function holdAnswers(turn: number, reply: number): void {
    const text = asked.get(reply);
    // A prepared sentence does not answer any words.
    if (text === undefined) return;
    const final = finals.get(turn);
    hold(
      final !== undefined && sameWords(final, text.replace(/^(Asha|Ravi): /u, '')),
      `what is heard in turn ${turn} answers "${final}", not "${text}"`,
    );
  }
}
