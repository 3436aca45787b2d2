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

/** Decoders that give ten samples of a number of their own for each packet, and that are there when the test says so. */
class FakeDecoders {
  /** Whether a packet cannot be decoded. */
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
/** So many packets of 20 ms, 100 ms after one another. */
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

  /** As a connection does: what is accepted is delivered. */
  function send(chunk: Uint8Array, to = stream): string {
    const audio = to.decode(chunk);
    if (audio.ok) audio.deliver((pcm) => heard.push(...pcm));
    return audio.ok ? 'ok' : audio.code;
  }

  it('loads no decoder before there is something to decode', async () => {
    expect(send(HEADER)).toBe('ok');
    expect(send(BEGUN.subarray(HEADER.length))).toBe('ok');
    expect(decoders.isLoading).toBe(false);
    expect(send(blocks(1))).toBe('ok');
    expect(decoders.isLoading).toBe(true);
  });

  it('keeps what comes while the decoder is loaded, in its order', async () => {
    send(recording(2));
    send(blocks(1, 10));
    expect(heard).toEqual([]);
    await decoders.ready();
    await eventually(() => heard.length === 30, 'all packets');
    send(blocks(1, 20));
    expect(heard).toHaveLength(40);
    expect(decoders.made).toEqual([{ freed: 0, decoded: 4 }]);
  });

  it('lets others have a turn between the messages that waited', async () => {
    send(recording(50));
    send(blocks(50, 100));
    await decoders.ready();
    expect([500, 1_000]).toContain(heard.length);
    await eventually(() => heard.length === 1_000, 'all packets');
  });

  it('takes a decoder of its own for the next recording, and frees the one before', async () => {
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

  it('takes a decoder of its own for a recording that begins in the midst of a chunk', async () => {
    send(recording(1));
    await decoders.ready();
    expect(send(Buffer.concat([blocks(1, 10), recording(2)]))).toBe('ok');
    await decoders.ready();
    expect(send(blocks(1, 20))).toBe('ok');
    expect(heard).toEqual([1, 1, 2, 2, 2].flatMap((mark) => new Array(10).fill(mark)));
    expect(decoders.made.map(({ freed }) => freed)).toEqual([1, 0]);
  });

  it('leaves out a packet that does not decode, and nothing else', async () => {
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

  it('frees the decoder that comes when the client has gone', async () => {
    send(recording(3));
    stream.close();
    await decoders.ready();
    expect(decoders.made).toEqual([{ freed: 1, decoded: 0 }]);
    expect(heard).toEqual([]);
  });

  it('decodes nothing after the end', async () => {
    send(recording(1));
    await decoders.ready();
    const late = stream.decode(blocks(1, 10));
    stream.close();
    if (late.ok) late.deliver((pcm) => heard.push(...pcm));
    expect(heard).toHaveLength(10);
    expect(send(blocks(1, 20))).toBe('invalid_audio');
  });

  it('tells when no decoder is to be had, and tries again', async () => {
    send(recording(1));
    await decoders.fail();
    expect(decoders.failures).toEqual([new Error('no memory')]);
    send(blocks(1, 10));
    await decoders.ready();
    expect(heard).toHaveLength(10);
  });

  it('leaves out the pre-skip, at our rate', async () => {
    const head = tracks(track({ head: opusHead({ preSkip: 45 }) }));
    send(Buffer.concat([HEADER, endless(Id.segment, head, endless(Id.cluster, timestamp(0))), blocks(3)]));
    await decoders.ready();
    expect(heard).toHaveLength(15);
  });

  it('counts what was sent and the PCM it stands for', async () => {
    const [first, second] = [recording(3), blocks(2, 10)];
    for (const chunk of [first, second]) send(chunk);
    expect(send(Buffer.from('nonsense'))).toBe('invalid_audio');
    expect(meter).toMatchObject({ compressedBytes: first.length + second.length, pcmBytes: 100 * 32 });
  });

  it('costs its duration, more where the message costs more', () => {
    const costOf = (chunk: Uint8Array): unknown => {
      const audio = stream.decode(chunk);
      return audio.ok && [audio.durationMs, audio.costMs];
    };
    expect(costOf(recording(0))).toEqual([0, 270]);
    expect(costOf(blocks(10))).toEqual([200, 200]);
    expect(costOf(Uint8Array.of(Id.void))).toEqual([0, 20]);
    // The rest of that element: 6 400 bytes.
    expect(costOf(element(Id.void, Buffer.alloc(6_392)).subarray(1))).toEqual([0, 100]);
  });

  it('takes no more than two seconds in a message, and goes on behind them', async () => {
    expect(send(recording(101))).toBe('invalid_audio');
    expect(send(blocks(100, 200))).toBe('ok');
    await decoders.ready();
    expect(heard).toHaveLength(1_000);
  });

  describe('that is damaged', () => {
    it('is refused until a new recording begins', async () => {
      send(recording(1));
      await decoders.ready();
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      expect(send(blocks(1, 10))).toBe('invalid_audio');
      expect(send(recording(2))).toBe('ok');
      await decoders.ready();
      expect(heard).toHaveLength(30);
    });

    it('is told of with what was heard of it, once, and goes on', async () => {
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

    it('is told of where its chunks are not in order, and heard', async () => {
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

    it('goes on with its next cluster', async () => {
      send(recording(1));
      await decoders.ready();
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      expect(send(Buffer.concat([endless(Id.cluster, timestamp(90)), blocks(2)]))).toBe('ok');
      expect(heard).toHaveLength(30);
    });

    it('begins anew even with a chunk of one byte', async () => {
      expect(send(Buffer.from('damage'))).toBe('invalid_audio');
      for (const byte of recording(1)) expect(send(Uint8Array.of(byte))).toBe('ok');
      await decoders.ready();
      expect(heard).toHaveLength(10);
    });

    it('is told of together with the next one when it broke off', async () => {
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

  it('hears in a browser’s recording what was said into it', async () => {
    const pcm = await decodeAll(CHUNKS);
    expect(pcm).toHaveLength(3_000 * 16);
    const said = fixture('clean-time.wav').pcm;
    // Where in the recording the microphone began is a matter of some milliseconds.
    const { similarity } = bestMatch(said, pcm);
    expect(similarity).toBeGreaterThan(0.97);
  });

  it('mixes stereo', async () => {
    // Any bytes are sound to Opus: 20 ms packets of two channels that have little in common.
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

  it('gives what decoding at 48 kHz and resampling gives', async () => {
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
    // The same but for a part of a sample by which one is later.
    expect(similarity).toBeGreaterThan(0.99);
  });
});

/** How alike two pieces of speech are, 1 being the same, at the shift at which they are most alike. */
function bestMatch(wanted: Int16Array, found: Int16Array): { similarity: number; shift: number } {
  // The words themselves: 0.4 s to 1.13 s of the fixture.
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

/** Their correlation: 1 for the same at any volume. */
function alike(a: readonly number[], b: readonly number[]): number {
  const product = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, index) => sum + value * y[index], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
