import type { SpeechAudio, UntimedAgentTurnEvent } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import type { AgentConnectionEvent } from './agent-link';

/** What the agent reports of itself and its connection, and not of the turns. */
type ConnectionOnlyEvent = 'tool_called' | 'latency' | 'hanging_up';

/** What the agent reports as an event of the conversation's turns. */
export function turnEventOf(event: Exclude<AgentConnectionEvent, { type: ConnectionOnlyEvent }>): UntimedAgentTurnEvent {
  switch (event.type) {
    case 'audio':
      return { type: 'reply_audio_produced', ...speechOf(event.pcm), ...(event.alignment && { alignment: event.alignment }) };
    case 'user_transcript':
      return { type: event.isFinal ? 'transcript_finished' : 'transcript_changed', text: event.text };
    case 'reply_text_part':
      return { type: 'reply_text_part_produced', text: event.text };
    case 'reply_text':
      return { type: 'reply_text_produced', text: event.text };
    case 'reply_corrected':
      return { type: 'reply_corrected', original: event.original, text: event.text };
    case 'interrupted':
      return { type: 'agent_interrupted' };
  }
}

/** PCM s16 mono at the output rate. */
export const speechOf = (pcm: Int16Array): SpeechAudio => ({ audio: pcm, durationMs: (pcm.length * 1000) / OUTPUT_SAMPLE_RATE_HZ });
