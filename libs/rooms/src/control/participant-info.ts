import type { RoomParticipantSummary } from '@parley/protocol';
import type { ParticipantInfo, TrackInfo } from 'livekit-server-sdk';

/** A participant of a room. */
export interface ControlledParticipant {
  identity: string;
  name: string;
  kind: RoomParticipantSummary['kind'];
  isAssistant: boolean;
  /** Whether the assistant is there for it. */
  isPerson: boolean;
  /** Unix time. */
  joinedAtMs: number;
  microphone: RoomParticipantSummary['microphone'];
  camera: RoomParticipantSummary['camera'];
}

// The SDK does not export these of LiveKit's enumerations.
const KIND_STANDARD = 0;
const KIND_EGRESS = 2;
const KIND_SIP = 3;
const KIND_AGENT = 4;
const SOURCE_CAMERA = 1;
const SOURCE_MICROPHONE = 2;
const STATE_DISCONNECTED = 3;
/** With a browser, or with a telephone. */
const HUMANS = [KIND_STANDARD, KIND_SIP];

/** Whether it is still in the room: the server lists a participant that has just left for a moment. */
export const isPresent = ({ state }: ParticipantInfo): boolean => Number(state) !== STATE_DISCONNECTED;

export function toParticipant(info: ParticipantInfo): ControlledParticipant {
  const { identity, name, joinedAt, joinedAtMs, tracks } = info;
  const isAssistant = isKindAgent(info);
  return {
    ...{ identity, name: name || identity, isAssistant, isPerson: isKindPerson(info) },
    kind: isAssistant ? 'assistant' : HUMANS.includes(Number(info.kind)) ? 'person' : 'other',
    joinedAtMs: Number(joinedAtMs) || Number(joinedAt) * 1_000,
    microphone: stateOf(tracks, SOURCE_MICROPHONE),
    camera: stateOf(tracks, SOURCE_CAMERA),
  };
}

export const isKindAgent = ({ kind }: Pick<ParticipantInfo, 'kind'>): boolean => Number(kind) === KIND_AGENT;

/** Whether it is somebody whom the assistant listens to: also a program that sends a person's sound into the room. */
export const isKindPerson = ({ kind }: Pick<ParticipantInfo, 'kind'>): boolean => ![KIND_EGRESS, KIND_AGENT].includes(Number(kind));

function stateOf(tracks: readonly TrackInfo[], source: number): 'on' | 'muted' | 'off' {
  const track = tracks.find((candidate) => Number(candidate.source) === source);
  return track === undefined ? 'off' : track.muted ? 'muted' : 'on';
}
