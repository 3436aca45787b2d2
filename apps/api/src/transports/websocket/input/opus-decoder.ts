import { floatToPcm16 } from '@parley/audio';
import { INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';

/** Decodes the packets of one recording, in their order. Whoever made it frees it. */
export interface OpusPacketDecoder {
  /** PCM s16 mono 16 kHz, of the caller's own. The packet's framing has been checked. */
  decode(packet: Uint8Array): Int16Array;
  free(): void;
}

/** Resolves with a decoder at the beginning of a stream. */
export type NewOpusDecoder = () => Promise<OpusPacketDecoder>;

/**
 * libopus as WebAssembly, 0.6 ms and 0.2 MB each. It gives mono (a stereo stream is mixed by its mid) at our rate itself, which costs less
 * than decoding at 48 kHz and resampling, and delays nothing. The module is loaded when the first recording comes: others pay nothing for it.
 */
export const newOpusDecoder: NewOpusDecoder = async () => {
  const { OpusDecoder } = await import('opus-decoder');
  const decoder = new OpusDecoder({ channels: 1, sampleRate: INPUT_SAMPLE_RATE_HZ });
  await decoder.ready;
  return {
    decode: (packet) => Int16Array.from(decoder.decodeFrame(packet).channelData[0], floatToPcm16),
    free: () => decoder.free(),
  };
};
