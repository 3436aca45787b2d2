import { bytesFromPcm16, encodeWav } from '@parley/audio';
import { AudioChunk } from '@parley/protocol';
import { type DecodedAudio, decodeAudioChunk, decodePcm } from './decode-audio-chunk';

const PCM_FORMAT = 'audio/pcm;rate=16000';
const tone = (samples: number, rateHz: number): Int16Array =>
  Int16Array.from({ length: samples }, (_sample, index) => Math.round(10_000 * Math.sin((2 * Math.PI * 440 * index) / rateHz)));
const chunk = (format: string, bytes: Uint8Array | string): AudioChunk =>
  Object.assign(new AudioChunk(), {
    type: 'audio_chunk' as const,
    format,
    data: typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64'),
  });
const pcmOf = (audio: DecodedAudio): Int16Array => (audio.ok ? audio.toPcm() : new Int16Array(0));

/** A WAV file with other fields in its header than the encoder writes. */
function wav(pcm: Int16Array, { rateHz = 16_000, channels = 1, bits = 16, encoding = 1 } = {}): Uint8Array {
  const bytes = Buffer.from(encodeWav(pcm, rateHz));
  bytes.writeUInt16LE(encoding, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt16LE(bits, 34);
  return bytes;
}

const stereo = (mono: Int16Array): Int16Array => Int16Array.from({ length: mono.length * 2 }, (_sample, index) => mono[index >> 1]);

describe('decodeAudioChunk', () => {
  it.each([PCM_FORMAT, 'AUDIO/PCM; rate=16000', ' audio/pcm ; rate=16000'])('takes PCM as "%s"', (format) => {
    const pcm = Int16Array.of(0, 1, -1, 32_767, -32_768);
    const audio = decodeAudioChunk(chunk(format, bytesFromPcm16(pcm)));
    expect(audio).toMatchObject({ ok: true, durationMs: 5 / 16 });
    expect([...pcmOf(audio)]).toEqual([...pcm]);
  });

  it('takes a WAV of its own rate as it is', () => {
    const pcm = tone(320, 16_000);
    const audio = decodeAudioChunk(chunk('audio/wav', wav(pcm)));
    expect(audio).toMatchObject({ ok: true, durationMs: 20 });
    expect([...pcmOf(audio)]).toEqual([...pcm]);
  });

  it.each([
    [8_000, 1],
    [22_050, 1],
    [44_100, 1],
    [48_000, 1],
    [44_100, 2],
    [48_000, 2],
    [96_000, 1],
  ])('takes a WAV of %i Hz with %i channels', (rateHz, channels) => {
    const mono = tone(rateHz / 5, rateHz);
    const audio = decodeAudioChunk(chunk('audio/wav', wav(channels === 2 ? stereo(mono) : mono, { rateHz, channels })));
    expect(audio).toMatchObject({ ok: true, durationMs: 200 });
    const pcm = pcmOf(audio);
    const expected = tone(3_200, 16_000);
    expect(pcm).toHaveLength(3_200);
    // Away from the edges it is the same tone.
    const errors = [...pcm].slice(400, 2_800).map((sample, index) => Math.abs(sample - expected[index + 400]));
    expect(Math.max(...errors)).toBeLessThan(150);
  });

  it('takes two seconds and no more, whatever the rate', () => {
    expect(decodeAudioChunk(chunk(PCM_FORMAT, new Uint8Array(64_000)))).toMatchObject({ ok: true, durationMs: 2_000 });
    expect(decodeAudioChunk(chunk(PCM_FORMAT, new Uint8Array(64_002)))).toMatchObject({ ok: false, code: 'invalid_audio' });
    expect(decodeAudioChunk(chunk('audio/wav', wav(new Int16Array(96_000), { rateHz: 48_000 })))).toMatchObject({
      ok: true,
      durationMs: 2_000,
    });
    expect(decodeAudioChunk(chunk('audio/wav', wav(new Int16Array(96_001), { rateHz: 48_000 })))).toMatchObject({ ok: false });
    expect(decodeAudioChunk(chunk('audio/wav', wav(new Int16Array(16_001), { rateHz: 8_000 })))).toMatchObject({ ok: false });
  });

  const refused: [name: string, chunk: AudioChunk, code: string, words: RegExp][] = [
    ['webm', chunk('audio/webm', 'AAAA'), 'unsupported_format', /audio\/wav/],
    ['PCM of another rate', chunk('audio/pcm;rate=8000', 'AAAA'), 'unsupported_format', /16000/],
    ['no format it knows', chunk('video/mp4', 'AAAA'), 'unsupported_format', /audio\/pcm/],
    ['an empty text', chunk(PCM_FORMAT, ''), 'invalid_audio', /empty/],
    ['what is no base64', chunk(PCM_FORMAT, 'A*AA'), 'invalid_audio', /base64/],
    ['base64 that was cut', chunk(PCM_FORMAT, 'AAAAA'), 'invalid_audio', /base64/],
    ['base64 with padding inside', chunk(PCM_FORMAT, 'AA==AAAA'), 'invalid_audio', /base64/],
    ['URL-safe base64', chunk(PCM_FORMAT, 'A_-A'), 'invalid_audio', /base64/],
    ['half a sample', chunk(PCM_FORMAT, new Uint8Array(3)), 'invalid_audio', /odd/],
    ['far too much', chunk(PCM_FORMAT, 'A'.repeat(800_000)), 'invalid_audio', /2 seconds/],
    ['a WAV that is none', chunk('audio/wav', new Uint8Array(64)), 'invalid_audio', /WAV/],
    ['a WAV without audio', chunk('audio/wav', wav(new Int16Array(0))), 'invalid_audio', /empty/],
    ['a WAV of 8 bits', chunk('audio/wav', wav(tone(320, 16_000), { bits: 8 })), 'invalid_audio', /16-bit/],
    ['a WAV of floats', chunk('audio/wav', wav(tone(320, 16_000), { encoding: 3 })), 'invalid_audio', /16-bit/],
    ['a WAV of six channels', chunk('audio/wav', wav(tone(360, 16_000), { channels: 6 })), 'invalid_audio', /WAV/],
    ['a WAV without a rate', chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 0 })), 'invalid_audio', /./],
    ['a WAV whose rate would make days of audio', chunk('audio/wav', wav(new Int16Array(200_000), { rateHz: 1 })), 'invalid_audio', /rate/],
    [
      'a WAV whose rate would make a giant filter',
      chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 4_294_967_291 })),
      'invalid_audio',
      /rate/,
    ],
  ];
  it.each(refused)('refuses %s', (_name, input, code, words) => {
    expect(decodeAudioChunk(input)).toEqual({ ok: false, code, message: expect.stringMatching(words) });
  });
});

describe('decodePcm', () => {
  it.each([
    [0, false],
    [1, false],
    [2, true],
    [640, true],
    [641, false],
    [64_000, true],
    [64_001, false],
    [64_640, false],
  ])('of %i bytes: %s', (bytes, ok) => {
    expect(decodePcm(new Uint8Array(bytes)).ok).toBe(ok);
  });

  it('reads bytes at any place of a buffer', () => {
    const bytes = new Uint8Array([9, 1, 0, 255, 255]).subarray(1);
    expect([...pcmOf(decodePcm(bytes))]).toEqual([1, -1]);
  });
});
