import { type ConversationStarted, type NarrationStarted, encodeSpeechFrame } from '@parley/protocol';
import type { FakeWebSocket } from './fake-web-socket';

/** The server's message that a conversation has started. */
export const CONVERSATION_STARTED: ConversationStarted = {
  type: 'conversation_started',
  conversation_id: 'c-1',
  engine: 'pipeline',
  input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
  output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
  providers: {
    stt: { name: 'sarvam', simulated: true },
    llm: { name: 'openai', simulated: false },
    tts: { name: 'elevenlabs', simulated: true },
  },
  timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
};

/** Accepts a connection and starts the conversation on it, as the server does. */
export function startConversation(socket: FakeWebSocket): void {
  socket.accept();
  socket.say({ type: 'connection_established', message: 'Connected.', protocol: 1 });
  socket.say(CONVERSATION_STARTED);
  socket.say({ type: 'state', state: 'USER_SPEAKING', turn: 1 });
}

/** A binary message with speech. */
export function speechMessage(turn: number, { seq = 0, last = false, samples = 4 } = {}): ArrayBuffer {
  return new Uint8Array(encodeSpeechFrame({ turn, seq, last, pcm: new Uint8Array(samples * 2) })).buffer;
}

/** What the server says when a narration has started. */
export const NARRATION_STARTED: NarrationStarted = {
  type: 'narration_started',
  narration_id: 'n-1',
  output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
  voice_id: 'voice-1',
  model: 'model-1',
  chunk_schedule: [120, 160, 250, 290],
  provider: { name: 'elevenlabs', simulated: true },
};

/** Accepts a connection and starts the narration on it, as the server does. */
export function startNarration(socket: FakeWebSocket): void {
  socket.accept();
  socket.say({ type: 'connection_established', message: 'Connected.', protocol: 1 });
  socket.say(NARRATION_STARTED);
}
