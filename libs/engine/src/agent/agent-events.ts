import type { SpeechAudio, UntimedAgentTurnEvent } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import type { AgentNews } from './agent-link';

/** What the agent tells of itself, and not of the conversation's turns. */
type OwnNews = 'tool_called' | 'latency' | 'hanging_up';

/** The agent's news as an event of the conversation's turns. */
export function turnEventOf(news: Exclude<AgentNews, { type: OwnNews }>): UntimedAgentTurnEvent {
  switch (news.type) {
    case 'audio':
      return { type: 'reply_audio_produced', ...speechOf(news.pcm), ...(news.alignment && { alignment: news.alignment }) };
    case 'user_transcript':
      return { type: news.isFinal ? 'transcript_finished' : 'transcript_changed', text: news.text };
    case 'reply_text_part':
      return { type: 'reply_text_part_produced', text: news.text };
    case 'reply_text':
      return { type: 'reply_text_produced', text: news.text };
    case 'reply_corrected':
      return { type: 'reply_corrected', original: news.original, text: news.text };
    case 'interrupted':
      return { type: 'agent_interrupted' };
  }
}

/** PCM s16 mono at the output rate. */
export const speechOf = (pcm: Int16Array): SpeechAudio => ({ audio: pcm, durationMs: (pcm.length * 1000) / OUTPUT_SAMPLE_RATE_HZ });
