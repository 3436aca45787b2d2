import { ROUND_TRIP_ATTRIBUTE } from '@parley/protocol';
import { type LocalTrack, ParticipantKind, type RemoteTrack, type Room, Track } from 'livekit-client';
import type { NetworkLegs } from './room-link';

interface Buffered {
  readonly delaySeconds: number;
  readonly samples: number;
}

/** Measures the parts of the way between the visitor and the assistant, from what the browser counts. */
export class LivekitLegs {
  private before: Buffered = { delaySeconds: 0, samples: 0 };

  constructor(private readonly room: Room) {}

  async measure(): Promise<NetworkLegs> {
    const assistant = [...this.room.remoteParticipants.values()].find(({ kind }) => kind === ParticipantKind.AGENT);
    const voice = assistant?.getTrackPublication(Track.Source.Microphone)?.track;
    const own = this.room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    const [ownStats, voiceStats] = await Promise.all([statsOf(own), statsOf(voice)]);
    const pageRoundTripMs = roundTripMs(ownStats) ?? roundTripMs(voiceStats);
    const assistantRoundTripMs = numberOf(assistant?.attributes[ROUND_TRIP_ATTRIBUTE]);
    const bufferMs = this.bufferMs(voiceStats);
    return {
      ...(pageRoundTripMs !== undefined && { pageRoundTripMs }),
      ...(assistantRoundTripMs !== undefined && { assistantRoundTripMs }),
      ...(bufferMs !== undefined && { bufferMs }),
    };
  }

  /** The mean since the last measurement: the browser counts from the beginning of the track. */
  private bufferMs(stats: readonly RTCStats[]): number | undefined {
    const inbound = stats.find(({ type }) => type === 'inbound-rtp');
    const delaySeconds = numberOf(inbound && Reflect.get(inbound, 'jitterBufferDelay'));
    const samples = numberOf(inbound && Reflect.get(inbound, 'jitterBufferEmittedCount'));
    if (delaySeconds === undefined || samples === undefined) return undefined;
    const before = samples >= this.before.samples ? this.before : { delaySeconds: 0, samples: 0 };
    this.before = { delaySeconds, samples };
    const emitted = samples - before.samples;
    return emitted === 0 ? undefined : ((delaySeconds - before.delaySeconds) / emitted) * 1_000;
  }
}

async function statsOf(track: LocalTrack | RemoteTrack | Track | undefined): Promise<RTCStats[]> {
  const stats: RTCStats[] = [];
  // A track that has just gone has none.
  const report = await track?.getRTCStatsReport().catch(() => undefined);
  report?.forEach((entry: RTCStats) => stats.push(entry));
  return stats;
}

/** Of the pair of addresses that is in use. */
function roundTripMs(stats: readonly RTCStats[]): number | undefined {
  const selected = stats.flatMap((entry) => (entry.type === 'transport' ? [Reflect.get(entry, 'selectedCandidatePairId')] : []));
  const pair = stats.find((entry) => entry.type === 'candidate-pair' && (selected.includes(entry.id) || Reflect.get(entry, 'nominated')));
  const seconds = numberOf(pair && Reflect.get(pair, 'currentRoundTripTime'));
  return seconds === undefined ? undefined : seconds * 1_000;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}
