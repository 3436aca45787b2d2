import { floatToPcm16 } from '@parley/audio';
import { INPUT_SAMPLE_RATE_HZ } from '@parley/protocol';

/** Decodes the packets of one recording in order. The creator of the decoder must free it. */
export interface OpusPacketDecoder {
  /** Returns PCM s16 mono 16 kHz in an array that the caller owns. The framing of the packet must have been checked. */
  decode(packet: Uint8Array): Int16Array;
  free(): void;
}

/** Creates a decoder for a new stream. */
export type NewOpusDecoder = () => Promise<OpusPacketDecoder>;

/**
 * Creates a decoder of libopus as WebAssembly, which takes 0.6 ms and 0.2 MB. It mixes stereo down to mono and outputs our sample rate
 * itself, which is cheaper than decoding at 48 kHz and resampling, and adds no delay. The module is loaded only when the first recording
 * arrives.
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
