import type { TimerName, UntimedTurnEvent } from '../turns/turn-event';
import type { ConversationScript } from './conversation-script';

/**
 * Something that happens. `back` counts from the newest utterance, reply or turn: results of old ones are late, and those of `-1` belong
 * to nothing.
 */
export type Action =
  | { do: 'speech' | 'cough' | 'unclear' | 'silence'; windows: number }
  | { do: 'wait'; ms: number }
  | { do: 'utterance'; back: number; result: 'partial' | 'final' | 'failed'; text: string }
  | { do: 'reply'; back: number; result: (typeof REPLY_RESULTS)[number]; text: string; durationMs: number }
  | { do: 'report'; back: number; event: 'started' | 'progress' | 'ended'; playedMs: number }
  | { do: 'timer'; timer: TimerName }
  | { do: 'type'; text: string }
  | { do: 'speaker'; speaker: string | undefined }
  | { do: 'verdict'; back: number; isAnswered: boolean }
  | { do: 'button' | 'start' | 'end' };

/** The results of a reply that succeeds. */
export const GOOD_RESULTS = ['text', 'text', 'audio', 'audio', 'sent', 'textEnd', 'audioEnd', 'finished'] as const;
export const REPLY_RESULTS = [...GOOD_RESULTS, 'llmFailed', 'ttsFailed'] as const;

/** Performs the action now. */
export function act(talk: ConversationScript, action: Action): void {
  const { state } = talk;
  const newest =
    state.phase === 'IDLE'
      ? { utterance: 0, reply: 0, turn: 0 }
      : { utterance: state.nextUtterance - 1, reply: state.nextReply - 1, turn: state.turn };
  switch (action.do) {
    case 'speech':
      return void talk.speech(action.windows * 32);
    case 'cough':
      return void talk.cough(action.windows * 32);
    case 'unclear':
      return void talk.unclear(action.windows * 32);
    case 'silence':
      return void talk.silence(action.windows * 32);
    case 'wait':
      return void talk.wait(action.ms);
    case 'utterance':
      return void talk.happens(utteranceResult(action, newest.utterance - action.back));
    case 'reply':
      return void talk.happens(replyResult(action, newest.reply - action.back));
    case 'report':
      return void talk.happens({
        type: 'playback_reported',
        turn: newest.turn - action.back,
        event: action.event,
        playedMs: action.playedMs,
      });
    case 'timer':
      return void talk.happens({ type: 'timer_fired', timer: action.timer });
    case 'type':
      return void talk.happens({ type: 'text_received', text: action.text });
    case 'speaker':
      return void talk.happens({ type: 'speaker_changed', speaker: action.speaker });
    case 'verdict':
      return void talk.happens({ type: 'turn_judged', turn: newest.turn - action.back, isAnswered: action.isAnswered });
    case 'button':
      return void talk.happens({ type: 'interrupt_requested' });
    case 'start':
      return void talk.happens({ type: 'conversation_started' });
    case 'end':
      return void talk.happens({ type: 'conversation_ended', reason: 'client' });
  }
}

function utteranceResult({ result, text }: Extract<Action, { do: 'utterance' }>, of: number): UntimedTurnEvent {
  if (result === 'failed') return { type: 'transcription_failed', utterance: of, reason: 'timeout' };
  return { type: result === 'final' ? 'transcript_finished' : 'transcript_changed', utterance: of, text };
}

function replyResult({ result, text, durationMs }: Extract<Action, { do: 'reply' }>, of: number): UntimedTurnEvent {
  switch (result) {
    case 'text':
      return { type: 'reply_text_produced', reply: of, text };
    case 'textEnd':
      return { type: 'reply_text_ended', reply: of };
    case 'audio':
      return { type: 'reply_audio_produced', reply: of, audio: new Int16Array(1), durationMs };
    case 'audioEnd':
      return { type: 'reply_audio_ended', reply: of };
    case 'llmFailed':
      return { type: 'reply_failed', reply: of, stage: 'llm', reason: 'timeout' };
    case 'ttsFailed':
      return { type: 'reply_failed', reply: of, stage: 'tts', reason: 'timeout' };
    case 'sent':
      return { type: 'audio_sent', reply: of, durationMs };
    case 'finished':
      return { type: 'audio_finished', reply: of };
  }
}
