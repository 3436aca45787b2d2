import { draftKept } from './draft-counts';
import type { Spoken } from '../playout/heard-text';
import { labelled, remember } from '../memory/memory';
import type { Reply } from './reply';
import { flushText, pushText } from '../text/sentence-splitter';
import { speakableText } from '../text/speakable-text';
import { complete } from './transitions';
import type { Emit } from './turn-effect';
import type { SpeechAudio, TurnEventOf } from './turn-event';
import { type TurnMarks, withMark } from './turn-marks';
import { type AiProcessing, type AiSpeaking, running, type RunningState } from './turn-state';

/** Handles the results of a reply, from its first token to the last of its audio. */

/** New text of a confirmed reply or a draft. Complete sentences are sent to the voice. */
export function takeText(reply: Reply, event: TurnEventOf<'reply_text_produced'>, speech: boolean, emit: Emit): Reply {
  const { splitter, sentences } = pushText(reply.splitter, event.text);
  const written: Reply = {
    ...reply,
    splitter,
    text: reply.text + event.text,
    // The first chunk of a stream may not contain a word yet.
    marks: event.text === '' ? reply.marks : withMark(reply.marks, 'llm_first_token', event.atMs),
    progressAtMs: event.atMs,
  };
  return speech ? speak(written, sentences, event.atMs, emit) : written;
}

/** The text of the reply is complete. The voice gets what is left of it. */
export function endText(reply: Reply, atMs: number, speech: boolean, emit: Emit): Reply {
  const { splitter, sentences } = flushText(reply.splitter);
  const ended: Reply = { ...reply, splitter, textEnded: true, progressAtMs: atMs };
  if (!speech) return ended;
  const spoken = speak(ended, sentences, atMs, emit);
  if (spoken.speaking) emit({ type: 'finish_speech', reply: reply.id });
  return spoken;
}

function speak(reply: Reply, sentences: readonly string[], atMs: number, emit: Emit): Reply {
  const texts = sentences.map(speakableText).filter((text) => text !== '');
  if (texts.length === 0) return reply;
  for (const text of texts) emit({ type: 'speak', reply: reply.id, text });
  const spoken = { ...reply.spoken, pieces: [...reply.spoken.pieces, ...texts] };
  return { ...reply, speaking: true, spoken, marks: withMark(reply.marks, 'tts_request', atMs) };
}

/** The turn has ended with the same words as the draft: everything that has been prepared is sent at once. */
export function speakDraft(state: AiProcessing, draft: Reply, spoken: TurnMarks, atMs: number, emit: Emit): RunningState {
  const marks = withMark({ ...draft.marks, ...spoken }, 'turn_end', state.turnEndAtMs);
  const reply: Reply = { ...draft, marks, held: [], progressAtMs: atMs };
  const remembered = remember(state, { role: 'user', content: labelled(draft.userText, draft.speaker) });
  const processing: AiProcessing = { ...remembered, drafts: draftKept(state.drafts), userTurn: undefined, reply };
  const answering = reply.text === '' ? processing : beginSpeaking(processing, reply, emit);
  for (const audio of draft.held) sendAudio(reply, audio, emit);
  if (draft.audioEnded) emit({ type: 'finish_audio', reply: reply.id, turn: reply.turn });
  return settle(answering, atMs, emit);
}

/** The first words of a confirmed reply have arrived. */
export function beginSpeaking(state: AiProcessing, reply: Reply, emit: Emit): AiSpeaking {
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_SPEAKING', turn: state.turn } });
  emit({ type: 'expect_echo', active: true });
  return {
    ...running(state),
    phase: 'AI_SPEAKING',
    reply: notifyText(reply, emit),
    ducked: false,
    pendingInterruption: state.pendingInterruption,
  };
}

/** Sends the client the text that it has not received yet. */
export function notifyText(reply: Reply, emit: Emit): Reply {
  const text = reply.text.slice(reply.notifiedLength);
  const final = reply.textEnded ? { fullText: reply.text.trim() } : undefined;
  if (reply.finalNotified || (text === '' && final === undefined)) return reply;
  emit({ type: 'notify', notification: { type: 'reply_text', turn: reply.turn, text, ...(final && { final }) } });
  return { ...reply, notifiedLength: reply.text.length, finalNotified: final !== undefined };
}

const sendAudio = (reply: Reply, { audio, durationMs }: SpeechAudio, emit: Emit): void =>
  emit({ type: 'send_audio', reply: reply.id, turn: reply.turn, audio, durationMs });

/** Audio of a reply: sent on, or held back while the reply is a draft. */
export function takeAudio(reply: Reply, event: TurnEventOf<'reply_audio_produced'>, draft: boolean, emit: Emit): Reply {
  const marks = withMark(reply.marks, 'tts_first_audio', event.atMs);
  const audio: SpeechAudio = { audio: event.audio, durationMs: event.durationMs };
  const produced: Reply = { ...reply, marks, spoken: withAudio(reply.spoken, event), progressAtMs: event.atMs };
  if (draft) return { ...produced, held: [...reply.held, audio] };
  sendAudio(reply, audio, emit);
  return produced;
}

const withAudio = (spoken: Spoken, { durationMs, alignment }: SpeechAudio): Spoken => ({
  ...spoken,
  producedMs: spoken.producedMs + durationMs,
  alignments: alignment ? [...spoken.alignments, alignment] : spoken.alignments,
});

/** A reply without any speech is over when its text is complete. */
export function settle(state: RunningState, atMs: number, emit: Emit): RunningState {
  if (state.phase === 'USER_SPEAKING' || !state.reply?.textEnded || state.reply.speaking) return state;
  return complete(state, state.reply.kind === 'model', atMs, emit);
}
