import type { Microphones } from '../audio/microphones';
import type { RoomVoice } from '../audio/room-voice';
import type { RoomConversation } from '../room-conversation';
import { RoomEvents, type RoomEventsOptions } from './room-events';
import { Transcripts } from './transcripts';

export interface OpenRoomEventsOptions extends Pick<RoomEventsOptions, 'channel' | 'sends' | 'attributeSends' | 'toMessage'> {
  job: { jobId: string; identity: string };
  voice: Pick<RoomVoice, 'trackSid'>;
  microphones: Pick<Microphones, 'trackSidOf'>;
  conversation: Pick<RoomConversation, 'authorOf'>;
}

/** Everything through which a room is told what happens in its conversation. */
export function openRoomEvents({ job, voice, microphones, conversation, ...options }: OpenRoomEventsOptions): RoomEvents {
  const { channel, sends } = options;
  const transcripts = new Transcripts({
    ...{ channel, sends, segmentPrefix: job.jobId, assistantIdentity: job.identity },
    voiceTrackSid: () => voice.trackSid,
  });
  const authorOf: RoomEventsOptions['authorOf'] = (turn) => {
    const identity = conversation.authorOf(turn);
    return identity === undefined ? undefined : { identity, trackSid: microphones.trackSidOf(identity) };
  };
  return new RoomEvents({ ...options, transcripts, authorOf });
}
