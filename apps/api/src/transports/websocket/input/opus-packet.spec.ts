import { webmRecording } from '@parley/testing/client';
import * as fc from 'fast-check';
import { OpusDecoder } from 'opus-decoder';
import { opusPacketMs } from './opus-packet';
import { WebmDemuxer } from './webm-demuxer';

const packet = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const withBody = (head: number[], bodyBytes: number): Uint8Array => Uint8Array.from([...head, ...new Array<number>(bodyBytes).fill(7)]);

describe('opusPacketMs', () => {
  it.each([
    ['one frame of 2.5 ms', packet(0x80, 1), 2.5],
    ['one frame of 20 ms', packet(0xf8, 0xff, 0xfe), 20],
    ['one empty frame of 60 ms', packet(0x18), 60],
    ['two frames of the same length', withBody([0x01], 10), 20],
    ['two frames of different lengths', withBody([0x02, 3], 10), 20],
    ['three frames of the same length', withBody([0xfb, 3], 30), 60],
    ['three frames of different lengths', withBody([0xfb, 0x83, 10, 1], 11), 60],
    ['three frames and padding', withBody([0xfb, 0x43, 5], 14), 60],
    ['one frame of the maximum length', withBody([0xf8], 1_275), 20],
    ['120 ms of audio', withBody([0x1b, 2], 4), 120],
  ])('measures the duration of a packet with %s', (_what, bytes, durationMs) => {
    expect(opusPacketMs(bytes)).toBe(durationMs);
  });

  it.each([
    ['no bytes', packet()],
    ['a frame that is too long', withBody([0xf8], 1_276)],
    ['two frames of the same length in an odd number of bytes', withBody([0x01], 9)],
    ['two frames, the first longer than the packet', withBody([0x02, 11], 10)],
    ['two frames whose length is missing', packet(0x02)],
    ['two frames whose length is cut off', packet(0x02, 252)],
    ['no frames', packet(0xfb, 0)],
    ['no frame count', packet(0xfb)],
    ['three frames of the same length in ten bytes', withBody([0xfb, 3], 10)],
    ['three frames whose lengths exceed the packet', withBody([0xfb, 0x83, 10, 10], 11)],
    ['more padding than the packet has bytes', withBody([0xfb, 0x43, 200], 10)],
    ['padding that does not end', packet(0xfb, 0x43, 255, 255)],
    ['140 ms of audio', withBody([0xfb, 7], 7)],
  ])('refuses a packet with %s', (_what, bytes) => {
    expect(opusPacketMs(bytes)).toBeUndefined();
  });

  it('measures the packets of a browser’s recording', () => {
    const demuxer = new WebmDemuxer();
    const packets = webmRecording('clean-time').flatMap((chunk) => demuxer.push(chunk));
    expect(packets).toHaveLength(50);
    expect(new Set(packets.map(({ bytes }) => opusPacketMs(bytes)))).toEqual(new Set([60]));
  });

  it('agrees with libopus for any bytes about validity and duration', async () => {
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const decoder = new OpusDecoder({ channels: 1, sampleRate: 16_000 });
    await decoder.ready;
    try {
      const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
      const manyFrames = fc
        .tuple(fc.nat(31), fc.nat(255), fc.uint8Array({ maxLength: 40 }))
        .map(([config, count, body]) => Uint8Array.from([config * 8 + 3, count, ...body]));
      let decoded = 0;
      fc.assert(
        fc.property(fc.oneof(anyBytes, manyFrames), (bytes) => {
          const { errors, samplesDecoded } = decoder.decodeFrame(bytes);
          const durationMs = opusPacketMs(bytes);
          expect(durationMs === undefined).toBe(errors.length > 0);
          if (durationMs !== undefined) expect(samplesDecoded).toBe(durationMs * 16);
          decoded += durationMs === undefined ? 0 : 1;
        }),
        { numRuns: 3_000, seed: 7 },
      );
      expect(decoded).toBeGreaterThan(500);
    } finally {
      decoder.free();
      complaints.mockRestore();
    }
  });
});
