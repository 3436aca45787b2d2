import { type Participant, ParticipantKind, type Room, Track } from 'livekit-client';
import { AGENT_STATES, type AgentState, type MemberVideo, type RoomMember } from './room-link';

/** Attribute in which LiveKit's agents say what they do. */
const AGENT_STATE_ATTRIBUTE = 'lk.agent.state';

/** Turns the participants of a LiveKit room into members. */
export class LivekitMembers {
  /** One object for each track, so that a page can tell whether it shows the same video as before. */
  private readonly videos = new WeakMap<Track, MemberVideo>();

  constructor(private readonly room: Room) {}

  /** The visitor first, then the others in the order in which they came. */
  list(): RoomMember[] {
    const others = [...this.room.remoteParticipants.values()].sort((a, b) => joinedAt(a) - joinedAt(b));
    return [this.room.localParticipant, ...others].map((participant) => this.member(participant));
  }

  private member(participant: Participant): RoomMember {
    const { identity, name, isSpeaking, connectionQuality, isLocal } = participant;
    const kind = kindOf(participant);
    const camera = this.video(participant, Track.Source.Camera);
    const screen = this.video(participant, Track.Source.ScreenShare);
    const agentState = kind === 'assistant' ? agentStateOf(participant) : undefined;
    return {
      identity,
      name: name?.trim() || identity,
      kind,
      isMe: isLocal,
      isSpeaking,
      microphone: microphoneOf(participant),
      connection: connectionQuality,
      ...(camera && { camera }),
      ...(screen && { screen }),
      ...(agentState && { agentState }),
    };
  }

  private video(participant: Participant, source: Track.Source): MemberVideo | undefined {
    const publication = participant.getTrackPublication(source);
    const track = publication?.track;
    if (!track || publication.isMuted) return undefined;
    const known = this.videos.get(track);
    if (known) return known;
    const video: MemberVideo = {
      attach: (element) => void track.attach(element),
      detach: (element) => void track.detach(element),
    };
    this.videos.set(track, video);
    return video;
  }
}

function kindOf({ kind }: Participant): RoomMember['kind'] {
  if (kind === ParticipantKind.AGENT) return 'assistant';
  return kind === ParticipantKind.EGRESS ? 'other' : 'person';
}

function agentStateOf({ attributes }: Participant): AgentState | undefined {
  return AGENT_STATES.find((state) => state === attributes[AGENT_STATE_ATTRIBUTE]);
}

function microphoneOf(participant: Participant): RoomMember['microphone'] {
  const publication = participant.getTrackPublication(Track.Source.Microphone);
  if (!publication) return 'off';
  return publication.isMuted ? 'muted' : 'on';
}

const joinedAt = ({ joinedAt: at }: Participant): number => at?.getTime() ?? Infinity;
