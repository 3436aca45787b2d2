import type { TurnEffect } from '../turns/turn-effect';
import type { TurnEvent } from '../turns/turn-event';
import type { TurnState } from '../turns/turn-state';
import { unfinished as stillAtWork, type UserTurn } from '../turns/user-turn';
import { hold, type Rule } from './rule';

/** What can be seen from outside of a reply that was started. */
interface LiveReply {
  textEnded: boolean;
  spoken: boolean;
  audioWhole: boolean;
  audioFinished: boolean;
}

/** Two replies are never active at once. Each ends in exactly one way, cancelled or complete, and no work is done for it afterwards. */
export function replyRule(): Rule {
  const alive = new Map<number, LiveReply>();
  let started = 0;

  const live = (id: number, doing: string): LiveReply => {
    const reply = alive.get(id);
    hold(reply !== undefined, `${doing} ${id}: the reply is alive`);
    return reply;
  };
  const follow = (effect: TurnEffect): void => {
    switch (effect.type) {
      case 'start_reply':
      case 'speak_fallback':
        hold(effect.reply > started, `reply ${effect.reply} is a new one`);
        hold(alive.size === 0, `reply ${effect.reply} starts alone`);
        started = effect.reply;
        alive.set(effect.reply, {
          textEnded: effect.type === 'speak_fallback',
          spoken: effect.type === 'speak_fallback',
          audioWhole: false,
          audioFinished: false,
        });
        return;
      case 'cancel_reply':
        live(effect.reply, effect.type);
        alive.delete(effect.reply);
        return;
      case 'speak':
        live(effect.reply, effect.type).spoken = true;
        return;
      case 'send_audio':
        hold(!live(effect.reply, effect.type).audioWhole, 'no audio after the last');
        return;
      case 'finish_audio':
        hold(!live(effect.reply, effect.type).audioWhole, 'the last audio is marked once');
        live(effect.reply, effect.type).audioWhole = true;
        return;
      case 'finish_speech':
        live(effect.reply, effect.type);
        return;
    }
  };

  return ({ event, decision }) => {
    noteResult(alive, event);
    decision.effects.forEach(follow);
    const current = currentReply(decision.state);
    for (const [id, reply] of alive) {
      if (id === current) continue;
      hold(reply.textEnded && (!reply.spoken || reply.audioFinished), `reply ${id} is cancelled or given to its end`);
      alive.delete(id);
    }
  };
}

function noteResult(alive: Map<number, LiveReply>, event: TurnEvent): void {
  const reply = 'reply' in event ? alive.get(event.reply) : undefined;
  if (reply && event.type === 'reply_text_ended') reply.textEnded = true;
  if (reply?.audioWhole && event.type === 'audio_finished') reply.audioFinished = true;
}

function currentReply(state: TurnState): number | undefined {
  if (state.phase === 'IDLE') return undefined;
  return state.phase === 'USER_SPEAKING' ? state.draft?.id : state.reply?.id;
}

/** At most one utterance takes audio. Each is finished at most once and ends once, with its result or discarded. */
export function utteranceRule(): Rule {
  const unfinished = new Map<number, 'open' | 'finished'>();
  let opened = 0;

  const follow = (effect: TurnEffect): void => {
    switch (effect.type) {
      case 'open_utterance':
        hold(effect.utterance > opened, `utterance ${effect.utterance} is a new one`);
        hold(![...unfinished.values()].includes('open'), 'one utterance takes audio');
        hold(effect.fromAudioMs >= 0, 'audio begins at 0');
        opened = effect.utterance;
        unfinished.set(effect.utterance, 'open');
        return;
      case 'finish_utterance':
        hold(unfinished.get(effect.utterance) === 'open', `utterance ${effect.utterance} is finished once`);
        unfinished.set(effect.utterance, 'finished');
        return;
      case 'discard_utterance':
        hold(unfinished.delete(effect.utterance), `utterance ${effect.utterance} is discarded once, and not after its result`);
        return;
    }
  };

  return ({ event, decision: { state, effects } }) => {
    if (event.type === 'transcript_finished' || event.type === 'transcription_failed') unfinished.delete(event.utterance);
    effects.forEach(follow);
    const known = turnsOf(state).flatMap((turn) => (turn ? stillAtWork(turn) : []));
    hold(unfinished.size === known.length, `no utterance is left behind in ${state.phase}`);
  };
}

function turnsOf(state: TurnState): (UserTurn | undefined)[] {
  switch (state.phase) {
    case 'IDLE':
      return [];
    case 'USER_SPEAKING':
      return [state.userTurn];
    case 'AI_PROCESSING':
      return [state.userTurn, state.pendingInterruption?.userTurn];
    case 'AI_SPEAKING':
      return [state.pendingInterruption?.userTurn];
  }
}
