import { floatToPcm16, PcmResampler } from '@parley/audio';
import { eventually } from '@parley/testing';
import { fixture, webmRecording } from '@parley/testing/client';
import { OpusDecoder } from 'opus-decoder';
import {
  BEGUN,
  element,
  endless,
  HEADER,
  opusHead,
  SILENT_PACKET,
  simpleBlock,
  timestamp,
  track,
  tracks,
} from '../../../testing/webm-bytes';
import { settle } from '@parley/engine/testing';
import { Id } from './ebml';
import { InputMeter } from './input-meter';
import { newOpusDecoder, type OpusPacketDecoder } from './opus-decoder';
import { WebmDemuxer } from './webm-demuxer';
import { WebmStream } from './webm-stream';

/** Decoders that return ten samples per packet, with a number that identifies the decoder; the test decides when each one is ready. */
class FakeDecoders {
  /** True for a packet that cannot be decoded. */
  refuses: (packet: Uint8Array) => boolean = () => false;
  readonly made: { freed: number; decoded: number }[] = [];
  readonly failures: unknown[] = [];
  private readonly loading: { resolve: () => void; reject: (error: Error) => void }[] = [];

  readonly make = (): Promise<OpusPacketDecoder> =>
    new Promise((resolve, reject) => this.loading.push({ resolve: () => resolve(this.next()), reject }));

  async ready(): Promise<void> {
    this.loading.shift()?.resolve();
    await settle();
  }

  async fail(): Promise<void> {
    this.loading.shift()?.reject(new Error('no memory'));
    await settle();
  }

  get isLoading(): boolean {
    return this.loading.length > 0;
  }

  private next(): OpusPacketDecoder {
    const state = { freed: 0, decoded: 0 };
    this.made.push(state);
    const mark = this.made.length;
    return {
      decode: (packet) => {
        if (this.refuses(packet)) throw new Error('no sound in it');
        if (state.freed > 0) throw new Error('decoded after it was freed');
        state.decoded += 1;
        return new Int16Array(10).fill(mark);
      },
      free: () => void (state.freed += 1),
    };
  }
}

const CHUNKS = webmRecording('clean-time');
/** This many packets of 20 ms, at intervals of 100 ms. */
const blocks = (count: number, fromTicks = 0): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_block, index) => simpleBlock(SILENT_PACKET, fromTicks + index)));
const recording = (count: number): Buffer => Buffer.concat([BEGUN, blocks(count)]);

describe('WebmStream', () => {
  let decoders: FakeDecoders;
  let meter: InputMeter;
  let stream: WebmStream;
  let heard: number[];

  beforeEach(() => {
    decoders = new FakeDecoders();
    meter = new InputMeter();
    stream = new WebmStream(decoders.make, meter, (error) => decoders.failures.push(error));
    heard = [];
  });
  afterEach(() => stream.close());

  /** Delivers the audio that is accepted, as a connection does. */
  function send(chunk: Uint8Array, to = stream): string {
    const audio = to.decode(chunk);
    if (audio.ok) audio.deliver((pcm) => heard.push(...pcm));
    return audio.ok ? 'ok' : audio.code;
  }

  it('loads no decoder before there is audio to decode', async () => {
    expect(send(HEADER)).toBe('ok');
    expect(send(BEGUN.subarray(HEADER.length))).toBe('ok');
    expect(decoders.isLoading).toBe(false);
    expect(send(blocks(1))).toBe('ok');
    expect(decoders.isLoading).toBe(true);
  });

  it('keeps the audio that arrives while the decoder is being loaded, in its order', async () => {
    send(recording(2));
    send(blocks(1, 10));
    expect(heard).toEqual([]);
    await decoders.ready();
    await eventually(() => heard.length === 30, 'all packets');
    send(blocks(1, 20));
    expect(heard).toHaveLength(40);
    expect(decoders.made).toEqual([{ freed: 0, decoded: 4 }]);
  });

  it('lets other work run between decoding the messages that were waiting', async () => {
    send(recording(50));
    send(blocks(50, 100));
    await decoders.ready();
    expect([500, 1_000]).toContain(heard.length);
    await eventually(() => heard.length === 1_000, 'all packets');
  });

  it('uses a new decoder for the next recording, and releases the previous one', async () => {
    send(recording(1));
    await decoders.ready();
    send(recording(1));
    send(blocks(1, 10));
    await decoders.ready();
    await eventually(() => heard.length === 30, 'all packets');
    expect(heard).toEqual([1, 2, 2].flatMap((mark) => new Array(10).fill(mark)));
    expect(decoders.made).toEqual([
      { freed: 1, decoded: 1 },
      { freed: 0, decoded: 2 },
    ]);
    stream.close();
    expect(decoders.made.map(({ freed }) => freed)).toEqual([1, 1]);
  });

  it('uses a new decoder for a recording that begins in the middle of a chunk', async () => {
    send(recording(1));
    await decoders.ready();
    expect(send(Buffer.concat([blocks(1, 10), recording(2)]))).toBe('ok');
    await decoders.ready();
    expect(send(blocks(1, 20))).toBe('ok');
    expect(heard).toEqual([1, 1, 2, 2, 2].flatMap((mark) => new Array(10).fill(mark)));
    expect(decoders.made.map(({ freed }) => freed)).toEqual([1, 0]);
  });

  it('leaves out only the packet that cannot be decoded', async () => {
    decoders.refuses = (packet) => packet[1] === 7;
    const bad = simpleBlock(Uint8Array.of(0xf8, 7, 0xfe));
    send(Buffer.concat([recording(1), bad, blocks(1, 10)]));
    send(blocks(1, 20));
    await decoders.ready();
    await eventually(() => heard.length === 30, 'the other packets');
    send(Buffer.concat([bad, bad, blocks(1, 30)]));
    expect(heard).toHaveLength(40);
    expect(decoders.failures).toEqual([new Error('no sound in it'), new Error('no sound in it')]);
  });

  it('releases a decoder that is ready only after the client has disconnected', async () => {
    send(recording(3));
    stream.close();
    await decoders.ready();
    expect(decoders.made).toEqual([{ freed: 1, decoded: 0 }]);
    expect(heard).toEqual([]);
  });

  it('decodes nothing after it was closed', async () => {
    send(recording(1));
    await decoders.ready();
    const late = stream.decode(blocks(1, 10));
    stream.close();
    if (late.ok) late.deliver((pcm) => heard.push(...pcm));
    expect(heard).toHaveLength(10);
    expect(send(blocks(1, 20))).toBe('invalid_audio');
  });

  it('reports that no decoder could be loaded, and tries again', async () => {
    send(recording(1));
    await decoders.fail();
    expect(decoders.failures).toEqual([new Error('no memory')]);
    send(blocks(1, 10));
    await decoders.ready();
    expect(heard).toHaveLength(10);
  });

  it('removes the pre-skip, converted to the input sample rate', async () => {
    const head = tracks(track({ head: opusHead({ preSkip: 45 }) }));
    send(Buffer.concat([HEADER, endless(Id.segment, head, endless(Id.cluster, timestamp(0))), blocks(3)]));
    await decoders.ready();
    expect(heard).toHaveLength(15);
  });

  it('counts the compressed bytes and the PCM bytes that they decode to', async () => {
    const [first, second] = [recording(3), blocks(2, 10)];
    for (const chunk of [first, second]) send(chunk);
    expect(send(Buffer.from('nonsense'))).toBe('invalid_audio');
    expect(meter).toMatchObject({ compressedBytes: first.length + second.length, pcmBytes: 100 * 32 });
  });

  it('charges a message for its duration, or more when it is more expensive to handle', () => {
    const costOf = (chunk: Uint8Array): unknown => {
      const audio = stream.decode(chunk);
      return audio.ok && [audio.durationMs, audio.costMs];
    };
    expect(costOf(recording(0))).toEqual([0, 270]);
    expect(costOf(blocks(10))).toEqual([200, 200]);
    expect(costOf(Uint8Array.of(Id.void))).toEqual([0, 20]);
    // The rest of that element, 6,400 bytes.
    expect(costOf(element(Id.void, Buffer.alloc(6_392)).subarray(1))).toEqual([0, 100]);
  });

  it('accepts at most two seconds per message, and continues with the next message', async () => {
    expect(send(recording(101))).toBe('invalid_audio');
    expect(send(blocks(100, 200))).toBe('ok');
    await decoders.ready();
    expect(heard).toHaveLength(1_000);
  });

  describe('with a damaged recording', () => {
    it('refuses further chunks until a new recording begins', async () => {
      send(recording(1));
      await decoders.ready();
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      expect(send(blocks(1, 10))).toBe('invalid_audio');
      expect(send(recording(2))).toBe('ok');
      await decoders.ready();
      expect(heard).toHaveLength(30);
    });

    it('reports the damage once, together with the part that could be decoded, and continues', async () => {
      send(recording(1));
      await decoders.ready();
      const damaged = stream.decode(Buffer.concat([simpleBlock(Uint8Array.of(0xff)), blocks(1, 10)]));
      expect(damaged).toMatchObject({
        ok: true,
        durationMs: 20,
        earlier: { code: 'invalid_audio', message: expect.stringMatching(/damaged/) },
      });
      expect(stream.decode(blocks(1, 20))).not.toHaveProperty('earlier');
    });

    it('reports chunks that are out of order, and decodes them', async () => {
      send(recording(1));
      await decoders.ready();
      send(blocks(1, 500));
      expect(stream.decode(blocks(1, 200))).toMatchObject({
        ok: true,
        durationMs: 20,
        earlier: { message: expect.stringMatching(/order/) },
      });
      expect(stream.decode(blocks(1, 199))).not.toHaveProperty('earlier');
    });

    it('continues with the next cluster', async () => {
      send(recording(1));
      await decoders.ready();
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      expect(send(Buffer.concat([endless(Id.cluster, timestamp(90)), blocks(2)]))).toBe('ok');
      expect(heard).toHaveLength(30);
    });

    it('starts again with a new recording even when it arrives one byte at a time', async () => {
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      for (const byte of recording(1)) expect(send(Uint8Array.of(byte))).toBe('ok');
      await decoders.ready();
      expect(heard).toHaveLength(10);
    });

    it('reports a recording that broke off together with the next recording', async () => {
      send(recording(1));
      send(blocks(1, 10).subarray(0, 6));
      const next = stream.decode(recording(1));
      expect(next).toMatchObject({ ok: true, earlier: { code: 'invalid_audio', message: expect.stringMatching(/broke off/) } });
      expect(stream.decode(recording(1))).not.toHaveProperty('earlier');
    });
  });
});

describe('WebmStream with libopus', () => {
  const decodeAll = async (chunks: readonly Uint8Array[]): Promise<Int16Array> => {
    const heard: number[] = [];
    const stream = new WebmStream(newOpusDecoder, new InputMeter(), (error) => {
      throw error;
    });
    let expectedMs = 0;
    for (const chunk of chunks) {
      const audio = stream.decode(chunk);
      expect(audio.ok).toBe(true);
      if (!audio.ok) continue;
      expectedMs += audio.durationMs;
      audio.deliver((pcm) => heard.push(...pcm));
    }
    await eventually(() => heard.length >= expectedMs * 16, 'all of it');
    stream.close();
    return Int16Array.from(heard);
  };

  it('decodes from a browser’s recording the speech that was recorded', async () => {
    const pcm = await decodeAll(CHUNKS);
    expect(pcm).toHaveLength(3_000 * 16);
    const said = fixture('clean-time.wav').pcm;
    // The microphone may have started a few milliseconds earlier or later in the recording.
    const { similarity } = bestMatch(said, pcm);
    expect(similarity).toBeGreaterThan(0.97);
  });

  it('mixes stereo down to mono', async () => {
    // Opus decodes any bytes to sound: these are 20 ms packets of two channels that have little in common.
    const packets = Array.from({ length: 60 }, (_packet, packet) =>
      Uint8Array.from({ length: 160 }, (_byte, index) => (index === 0 ? 0xfc : (packet * 7_919 + index * index * 31 + index * 17) % 256)),
    );
    const mixed = await newOpusDecoder();
    const both = new OpusDecoder({ channels: 2, sampleRate: 16_000 });
    await both.ready;
    const [mono, half, left]: number[][] = [[], [], []];
    for (const packet of packets) {
      mono.push(...mixed.decode(packet));
      const [leftSamples, rightSamples] = both.decodeFrame(packet).channelData;
      leftSamples.forEach((sample, index) => {
        half.push(floatToPcm16((sample + rightSamples[index]) / 2));
        left.push(floatToPcm16(sample));
      });
    }
    mixed.free();
    both.free();
    expect(alike(half, mono)).toBeGreaterThan(0.99);
    expect(alike(left, mono)).toBeLessThan(0.95);
  });

  it('gives the same result as decoding at 48 kHz and resampling', async () => {
    const pcm = await decodeAll(CHUNKS);
    const decoder = new OpusDecoder({ channels: 1 });
    await decoder.ready;
    const resampler = new PcmResampler({ fromRateHz: 48_000, toRateHz: 16_000 });
    const demuxer = new WebmDemuxer();
    const expected = CHUNKS.flatMap((chunk) =>
      demuxer.push(chunk).flatMap(({ bytes }) => {
        const [samples] = decoder.decodeFrame(bytes).channelData;
        return [...resampler.process(Int16Array.from(samples, (sample) => sample * 32_768))];
      }),
    );
    decoder.free();
    const { similarity } = bestMatch(Int16Array.from(expected), pcm);
    // Both are the same except that one is later by a fraction of a sample.
    expect(similarity).toBeGreaterThan(0.99);
  });
});

/** The highest correlation of two pieces of speech over all shifts: 1 means that they are identical. */
function bestMatch(wanted: Int16Array, found: Int16Array): { similarity: number; shift: number } {
  // The fixture contains the spoken words from 0.4 s to 1.13 s.
  const [from, length] = [6_400, 11_680];
  let best = { similarity: -1, shift: 0 };
  for (let shift = -3_000; shift <= 8_000; shift++) {
    let product = 0;
    let wantedPower = 0;
    let foundPower = 0;
    for (let at = from; at < from + length; at += 3) {
      const a = wanted[at];
      const b = found[at + shift] ?? 0;
      product += a * b;
      wantedPower += a * a;
      foundPower += b * b;
    }
    const similarity = product / Math.sqrt(wantedPower * foundPower || 1);
    if (similarity > best.similarity) best = { similarity, shift };
  }
  return best;
}

/** The correlation of two signals: 1 when they are the same, independent of their volume. */
function alike(a: readonly number[], b: readonly number[]): number {
  const product = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, index) => sum + value * y[index], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
