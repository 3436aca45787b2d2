import { FRAME_MS, INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { type AudioRefusal, type DecodedAudio, invalid, MAX_DURATION_MS, TOO_LONG } from './decoded-audio';
import { RecordingError } from './ebml';
import type { InputMeter } from './input-meter';
import type { NewOpusDecoder } from './opus-decoder';
import { RecordingDecoder } from './recording-decoder';
import type { OpusPacket } from './webm-block';
import { WebmDemuxer } from './webm-demuxer';
import type { OpusTrack } from './webm-track';

/** A recording begins with these bytes: the id of its first element. */
const BEGINNING = Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3);
/** The highest data rate of an Opus stream, in bytes per millisecond. */
const MAX_BYTES_PER_MS = 64;
/** The cost of a new recording, which needs a new decoder. */
const NEW_RECORDING_COST_MS = 250;
const PCM_BYTES_PER_MS = (INPUT_SAMPLE_RATE_HZ * 2) / 1000;

const BROKEN_OFF = invalid('The recording before this one broke off.');
const DAMAGED = invalid('A part of the recording is damaged, and was left out.');
const NOT_IN_ORDER = invalid('The chunks of the recording are not in order.');
const NO_BEGINNING = invalid('A recording begins with its first chunk; this one is of none that is known here.');

/** Reads the WebM recordings of one client, one after the other, each as chunks in order. Owned by the connection, which closes it. */
export class WebmStream {
  private readonly decoder: RecordingDecoder;
  /** The current recording; undefined before the first one and after an unreadable one. */
  private demuxer: WebmDemuxer | undefined;

  constructor(
    newDecoder: NewOpusDecoder,
    private readonly meter: InputMeter,
    onFailure: (error: unknown) => void,
  ) {
    this.decoder = new RecordingDecoder(newDecoder, onFailure);
  }

  decode(chunk: Uint8Array): DecodedAudio {
    const begins = this.begins(chunk);
    const before = begins ? this.demuxer : undefined;
    // The client has already been told about a damaged recording.
    const earlier = before?.isComplete === false && before.damages === 0 ? BROKEN_OFF : undefined;
    if (begins) this.demuxer = new WebmDemuxer();
    if (this.demuxer === undefined) return NO_BEGINNING;
    return this.read(this.demuxer, chunk, begins, earlier);
  }

  close(): void {
    this.demuxer = undefined;
    this.decoder.close();
  }

  /**
   * Whether a recording begins with this chunk. Without a current recording the chunk may be shorter than the id of the first element; during
   * a recording only a chunk with the complete id begins another one.
   */
  private begins(chunk: Uint8Array): boolean {
    const wanted = this.demuxer === undefined ? Math.min(chunk.length, BEGINNING.length) : BEGINNING.length;
    return chunk.length >= wanted && BEGINNING.subarray(0, wanted).every((byte, index) => byte === chunk[index]);
  }

  private read(demuxer: WebmDemuxer, chunk: Uint8Array, begins: boolean, brokenOff?: AudioRefusal): DecodedAudio {
    const { damages, disorders } = demuxer;
    try {
      const found = demuxer.push(chunk);
      const disorder = demuxer.disorders > disorders ? NOT_IN_ORDER : brokenOff;
      const earlier = demuxer.damages > damages ? DAMAGED : disorder;
      const durationMs = found.reduce((sum, packet) => sum + packet.durationMs, 0);
      if (durationMs > MAX_DURATION_MS) return TOO_LONG;
      const costMs = Math.max(durationMs, chunk.length / MAX_BYTES_PER_MS, FRAME_MS) + (begins ? NEW_RECORDING_COST_MS : 0);
      return {
        ok: true,
        durationMs,
        costMs,
        ...(earlier && { earlier }),
        deliver: (take) => {
          this.meter.addCompressed(chunk.length, durationMs * PCM_BYTES_PER_MS);
          for (const { track, packets } of byRecording(found)) {
            this.decoder.decode({ recording: track, preSkip48k: track.preSkip48k, packets, take });
          }
        },
      };
    } catch (error) {
      if (!demuxer.mayRecover) this.demuxer = undefined;
      if (!(error instanceof RecordingError)) throw error;
      return { ok: false, code: error.code, message: error.message };
    }
  }
}

/** A recording may end in the middle of a chunk, and another one may begin there. */
function byRecording(found: readonly OpusPacket[]): { track: OpusTrack; packets: Uint8Array[] }[] {
  const parts: { track: OpusTrack; packets: Uint8Array[] }[] = [];
  for (const { track, bytes } of found) {
    const last = parts.at(-1);
    if (last?.track === track) last.packets.push(bytes);
    else parts.push({ track, packets: [bytes] });
  }
  return parts;
}
