import type { TurnPolicy } from '../turns/turn-policy';
import { ConversationScript } from './conversation-script';

/**
 * Conversations in each phase, built event by event. The microphone is at the border of a window, so that multiples of 32 ms are whole
 * windows.
 */

type PolicyChanges = Partial<TurnPolicy>;

export function givenListening(policy?: PolicyChanges): ConversationScript {
  const talk = new ConversationScript(policy);
  talk.happens({ type: 'conversation_started' });
  return talk;
}

/** A second of silence and 640 ms of speech, which ends at 1 600 ms on the audio clock. Utterance 1 is open. */
export function givenUserSpeaking(policy?: PolicyChanges): ConversationScript {
  const talk = givenListening(policy);
  talk.silence(960);
  talk.speech(640);
  return talk;
}

/** The turn has ended, and the final transcript of utterance 1 is pending. */
export function givenTurnEnded(policy?: PolicyChanges): ConversationScript {
  const talk = givenUserSpeaking(policy);
  talk.silence(960);
  return talk;
}

/** Reply 1 was requested. */
export function givenThinking(policy?: PolicyChanges): ConversationScript {
  const talk = givenTurnEnded(policy);
  talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' });
  return talk;
}

/** Reply 1 has its first sentence, and one second of its audio was sent. */
export function givenSpeaking(policy?: PolicyChanges): ConversationScript {
  const talk = givenThinking(policy);
  talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
  talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: 1_000 });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs: 1_000 });
  return talk;
}

/** All of reply 1 was sent and is still being played. */
export function givenPlayingOut(policy?: PolicyChanges): ConversationScript {
  const talk = givenSpeaking(policy);
  talk.happens({ type: 'reply_text_ended', reply: 1 });
  talk.happens({ type: 'reply_audio_ended', reply: 1 });
  talk.happens({ type: 'audio_finished', reply: 1 });
  return talk;
}

/** The user has paused, and reply 1 is a draft. */
export function givenDraft(policy?: PolicyChanges): ConversationScript {
  const talk = givenUserSpeaking({ draftAfterSilenceMs: 200, ...policy });
  talk.silence(224);
  talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' });
  return talk;
}
