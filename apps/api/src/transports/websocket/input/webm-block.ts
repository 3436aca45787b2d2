import { corrupt, RecordingError, vintLength, vintOf } from './ebml';
import { packetsIn } from './lacing';
import { opusPacketMs } from './opus-packet';
import type { OpusTrack } from './webm-track';

/** One audio packet of the recording, as a view of the bytes that were pushed or buffered. */
export interface OpusPacket {
  bytes: Uint8Array;
  durationMs: number;
  /** The track of the packet. Each recording has a track object of its own. */
  track: OpusTrack;
}

/** The longest packet that the decoder has room for: 120 ms at 256 kbit/s. */
export const MAX_PACKET_BYTES = 3_840;
/** Bytes that follow the track number: the time and the flags of the block. */
const TIME_AND_FLAGS_BYTES = 3;

export interface ReadBlock {
  /** The time relative to the cluster; undefined for a block of another track and for a damaged block. */
  relativeTicks: number | undefined;
  /** Number of damaged parts that were left out. */
  damages: number;
}

/** Returns the packets of a block if it belongs to the track, and none otherwise. */
export function readBlock(body: Uint8Array, track: OpusTrack | undefined, give: (packet: OpusPacket) => void): ReadBlock {
  let damages = 0;
  let relativeTicks: number | undefined;
  try {
    const block = headerOf(body);
    if (block.trackNumber !== track?.number) return { relativeTicks, damages };
    for (const bytes of packetsIn(block.data, block.flags)) {
      const durationMs = bytes.length > MAX_PACKET_BYTES ? undefined : opusPacketMs(bytes);
      if (durationMs === undefined) damages += 1;
      else give({ bytes, durationMs, track });
    }
    ({ relativeTicks } = block);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    damages += 1;
  }
  return { relativeTicks, damages };
}

/** @throws RecordingError when the header of the block is incomplete. */
function headerOf(body: Uint8Array): { trackNumber: number; relativeTicks: number; flags: number; data: Uint8Array } {
  const trackBytes = body.length === 0 ? Infinity : vintLength(body[0]);
  const dataAt = trackBytes + TIME_AND_FLAGS_BYTES;
  if (dataAt > body.length) throw corrupt();
  return {
    trackNumber: vintOf(body.subarray(0, trackBytes)),
    relativeTicks: ((body[trackBytes] << 24) >> 16) | body[trackBytes + 1],
    flags: body[dataAt - 1],
    data: body.subarray(dataAt),
  };
}
