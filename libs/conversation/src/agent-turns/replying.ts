import type { SpeechAudio } from '../turns/turn-event';
import { withAudio, withAudioSent, withPlayed } from './agent-reply';
import type { AgentTurnEventOf } from './agent-turn-event';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentRunning, type AgentSpeaking, type AgentTurnState, isAnswering, withActivity } from './agent-turn-state';
import { checkNewAudio, checkPlayout } from './playout-check';
import { correctText, notifyTextPart, notifyWholeText } from './reply-text';
import { afterAudio, afterText } from './speech-end';
import { withhold } from './stale-audio';
import { beginSpeaking } from './transitions';

/** Handles what the agent sends for a reply. Everything that belongs to a stopped reply is dropped here, and nowhere else. */

export function takeReplyPart(state: AgentRunning, text: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  const { isWithheld, staleAudio } = withhold(state.staleAudio);
  const heard = { ...state, staleAudio };
  if (isWithheld) return heard;
  const speaking = beginSpeaking(heard, atMs, emit);
  return speaking.phase === 'IDLE' ? speaking : takeTextArrival(notifyTextPart(speaking, text, atMs, emit), atMs, emit);
}

export function takeReplyText(state: AgentRunning, text: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  if (text.trim() === '') return state;
  const { isWithheld, staleAudio } = withhold(state.staleAudio, text);
  const heard = { ...state, staleAudio };
  if (isWithheld) return heard;
  const speaking = beginSpeaking(heard, atMs, emit);
  return speaking.phase === 'IDLE' ? speaking : takeTextArrival(notifyWholeText(speaking, text, atMs, emit), atMs, emit);
}

function takeTextArrival(state: AgentSpeaking, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  return checkPlayout({ ...state, announcedWords: undefined, speechEnd: afterText(state.speechEnd, state.reply, atMs) }, atMs, emit);
}

export function takeReplyAudio(state: AgentRunning, speech: SpeechAudio, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  if (state.staleAudio) return state;
  const speaking = beginSpeaking(state, atMs, emit);
  if (speaking.phase === 'IDLE') return speaking;
  emit({ type: 'send_audio', turn: speaking.turn, audio: speech.audio, durationMs: speech.durationMs });
  const said = { ...speaking, reply: withAudio(speaking.reply, speech, atMs), speechEnd: afterAudio(speaking.speechEnd) };
  return checkNewAudio(said, atMs, emit);
}

export function takeCorrection(state: AgentRunning, original: string, heard: string, atMs: number, emit: EmitAgentEffect): AgentTurnState {
  // The correction may have shortened what is still to come.
  return checkPlayout(correctText(state, original, heard, emit), atMs, emit);
}

export function noteAudioSent(state: AgentRunning, event: AgentTurnEventOf<'audio_sent'>, emit: EmitAgentEffect): AgentTurnState {
  const active = withActivity(state, event.atMs);
  if (!isAnswering(active) || event.turn !== active.turn) return active;
  const reply = withAudioSent(active.reply, event.durationMs, active.policy.playerBufferMs, event.atMs);
  return checkPlayout({ ...active, reply }, event.atMs, emit);
}

export function notePlayback(state: AgentRunning, event: AgentTurnEventOf<'playback_reported'>, emit: EmitAgentEffect): AgentTurnState {
  if (!isAnswering(state) || event.turn !== state.turn) return state;
  return checkPlayout({ ...state, reply: withPlayed(state.reply, event.playedMs, event.atMs) }, event.atMs, emit);
}
