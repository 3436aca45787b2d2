import { bare, saysSomething, wordsOf } from '../playout/heard-text';
import { voicesOf } from '../playout/playout';
import { hasAllFinals, isUnsure, userText, type UserTurn, withSegment } from '../turns/user-turn';
import type { Step } from './conversation-script';
import { hold, notifications, type Rule } from './rule';

/** The longest time that sound needs to reach a listener and come back. */
const ROUND_TRIP_MS = 500;
/** An echo does not begin later than this after the assistant has stopped. */
const TAIL_MS = 250;

/** The turn whose words were taken for the assistant’s own voice in this step, if any. */
export function droppedAsEcho({ before, event, decision: { effects } }: Step): UserTurn | undefined {
  if (before.phase !== 'USER_SPEAKING' && before.phase !== 'AI_PROCESSING') return undefined;
  if (before.userTurn === undefined || before.userTurn.failure) return undefined;
  const { userTurn } = before;
  const heard =
    event.type === 'transcript_finished' ? withSegment(userTurn, event.utterance, { text: event.text, stage: 'final' }) : userTurn;
  // A sound that may not be speech has no words before its final transcript.
  if (isUnsure(userTurn, before.policy) && !hasAllFinals(heard)) return undefined;
  const isEmpty = notifications(effects).some((told) => told.type === 'transcript' && told.isFinal && told.text === '');
  return isEmpty && saysSomething(userText(heard)) ? heard : undefined;
}

/** Words are dropped as an echo only when they match the playback: the voice began while audio was being played, and ended with it. */
export function echoRule(): Rule {
  let spokenUntilMs = -Infinity;
  let said = new Set<string>();
  return (step) => {
    const { before, event } = step;
    if (before.phase === 'AI_SPEAKING') {
      spokenUntilMs = event.atMs;
      said = new Set(voicesOf(before.reply).flatMap(({ pieces }) => pieces.flatMap(wordsOf).map(bare)));
    }
    const userTurn = droppedAsEcho(step);
    if (userTurn) {
      const text = userText(userTurn);
      const { lastVoicedAtMs, lastVoicedAudioMs, startedAudioMs } = userTurn;
      hold(lastVoicedAtMs - (lastVoicedAudioMs - startedAudioMs) <= spokenUntilMs + TAIL_MS, 'an echo begins while the assistant speaks');
      hold(lastVoicedAtMs <= spokenUntilMs + ROUND_TRIP_MS, 'an echo ends with the assistant');
      hold(!text.includes('?'), 'a question is the user’s');
      hold(
        wordsOf(text).every((word) => said.has(bare(word))),
        'an echo has no words but the assistant’s',
      );
    }
  };
}
