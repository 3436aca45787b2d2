import type { RoomParticipantSummary } from '@parley/protocol';
import type { ParticipantInfo, TrackInfo } from 'livekit-server-sdk';

/** A participant of a room. */
export interface ControlledParticipant {
  identity: string;
  name: string;
  kind: RoomParticipantSummary['kind'];
  isAssistant: boolean;
  isPerson: boolean;
  /** Unix time. */
  joinedAtMs: number;
  microphone: RoomParticipantSummary['microphone'];
  camera: RoomParticipantSummary['camera'];
}

// The SDK does not export these of LiveKit's enumerations.
const KIND_STANDARD = 0;
const KIND_SIP = 3;
const KIND_AGENT = 4;
const SOURCE_CAMERA = 1;
const SOURCE_MICROPHONE = 2;
const STATE_DISCONNECTED = 3;

/** Whether it is still in the room: the server lists a participant that has just left for a moment. */
export const isPresent = ({ state }: ParticipantInfo): boolean => Number(state) !== STATE_DISCONNECTED;

export function toParticipant(info: ParticipantInfo): ControlledParticipant {
  const { identity, name, joinedAt, joinedAtMs, tracks } = info;
  const isAssistant = isKindAgent(info);
  const isPerson = isKindPerson(info);
  return {
    ...{ identity, name: name || identity, isAssistant, isPerson },
    kind: isAssistant ? 'assistant' : isPerson ? 'person' : 'other',
    joinedAtMs: Number(joinedAtMs) || Number(joinedAt) * 1_000,
    microphone: stateOf(tracks, SOURCE_MICROPHONE),
    camera: stateOf(tracks, SOURCE_CAMERA),
  };
}

export const isKindAgent = ({ kind }: Pick<ParticipantInfo, 'kind'>): boolean => Number(kind) === KIND_AGENT;

/** Whether it is a person, with a browser or a telephone. Programs that record or send media are none. */
export const isKindPerson = ({ kind }: Pick<ParticipantInfo, 'kind'>): boolean => [KIND_STANDARD, KIND_SIP].includes(Number(kind));

function stateOf(tracks: readonly TrackInfo[], source: number): 'on' | 'muted' | 'off' {
  const track = tracks.find((candidate) => Number(candidate.source) === source);
  return track === undefined ? 'off' : track.muted ? 'muted' : 'on';
}
