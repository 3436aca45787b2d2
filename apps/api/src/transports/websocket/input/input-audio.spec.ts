import { bytesFromPcm16, encodeWav, resamplePcm16 } from '@parley/audio';
import type { AudioChunk } from '@parley/protocol';
import { webmRecording } from '@parley/testing/client';
import type { DecodedAudio } from './decoded-audio';
import { InputAudio } from './input-audio';
import { InputMeter } from './input-meter';

const PCM_FORMAT = 'audio/pcm;rate=16000';
const tone = (samples: number, rateHz: number): Int16Array =>
  Int16Array.from({ length: samples }, (_sample, index) => Math.round(10_000 * Math.sin((2 * Math.PI * 440 * index) / rateHz)));
const chunk = (format: string, bytes: Uint8Array | string): AudioChunk => ({
  type: 'audio_chunk',
  format,
  data: typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64'),
});
const newInput = (): InputAudio =>
  new InputAudio({ newDecoder: () => Promise.reject(new Error('no decoder here')), meter: new InputMeter(), onFailure: () => undefined });
/** Decodes the chunk as the first input of a new client. */
const decodeAudioChunk = (message: AudioChunk): DecodedAudio => newInput().decodeChunk(message);
const decodePcm = (bytes: Uint8Array): DecodedAudio => newInput().decodePcm(bytes);

function pcmOf(audio: DecodedAudio): Int16Array {
  const pieces: Int16Array[] = [];
  if (audio.ok) audio.deliver((pcm) => pieces.push(pcm));
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

/** A WAV file whose header has other values than the encoder would write. */
function wav(pcm: Int16Array, { rateHz = 16_000, channels = 1, bits = 16, encoding = 1 } = {}): Uint8Array {
  const bytes = Buffer.from(encodeWav(pcm, rateHz));
  bytes.writeUInt16LE(encoding, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt16LE(bits, 34);
  return bytes;
}

const stereo = (mono: Int16Array): Int16Array => Int16Array.from({ length: mono.length * 2 }, (_sample, index) => mono[index >> 1]);

describe('InputAudio.decodeChunk', () => {
  it.each([PCM_FORMAT, 'AUDIO/PCM; rate=16000', ' audio/pcm ; rate=16000'])('accepts PCM with the format "%s"', (format) => {
    const pcm = Int16Array.of(0, 1, -1, 32_767, -32_768);
    const audio = decodeAudioChunk(chunk(format, bytesFromPcm16(pcm)));
    expect(audio).toMatchObject({ ok: true, durationMs: 5 / 16 });
    expect([...pcmOf(audio)]).toEqual([...pcm]);
  });

  it('accepts a WAV of 16 kHz without resampling it', () => {
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
  ])('accepts a WAV of %i Hz with %i channels', (rateHz, channels) => {
    const mono = tone(rateHz / 5, rateHz);
    const audio = decodeAudioChunk(chunk('audio/wav', wav(channels === 2 ? stereo(mono) : mono, { rateHz, channels })));
    expect(audio).toMatchObject({ ok: true, durationMs: 200 });
    const pcm = pcmOf(audio);
    const expected = tone(3_200, 16_000);
    // The resampling filter holds a few samples back until the next chunk arrives.
    expect(pcm.length).toBeGreaterThan(3_100);
    expect(pcm.length).toBeLessThanOrEqual(3_200);
    // Apart from the edges it is the same tone.
    const errors = [...pcm].slice(400, 2_800).map((sample, index) => Math.abs(sample - expected[index + 400]));
    expect(Math.max(...errors)).toBeLessThan(150);
  });

  it.each([
    [44_100, 100],
    [48_000, 100],
    [48_000, 37],
    [22_050, 250],
    [8_000, 20],
  ])('joins WAV chunks of %i Hz and %i ms without an audible seam', (rateHz, chunkMs) => {
    const input = newInput();
    const whole = tone(rateHz * 2, rateHz);
    const chunkSamples = Math.round((rateHz * chunkMs) / 1_000);
    const pieces: number[] = [];
    for (let at = 0; at < whole.length; at += chunkSamples) {
      pieces.push(...pcmOf(input.decodeChunk(chunk('audio/wav', wav(whole.subarray(at, at + chunkSamples), { rateHz })))));
    }
    expect([...resamplePcm16(whole, rateHz, 16_000)].slice(0, pieces.length)).toEqual(pieces);
    expect(pieces.length).toBeGreaterThan(31_900);
  });

  it('starts a new stream with a WAV of another sample rate, and loses nothing of the previous stream', () => {
    const input = newInput();
    const [first, second] = [tone(4_800, 48_000), tone(800, 8_000)];
    const heard = [
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(first, { rateHz: 48_000 })))),
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(second, { rateHz: 8_000 })))),
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(tone(320, 16_000))))),
    ];
    expect(heard).toEqual([...resamplePcm16(first, 48_000, 16_000), ...resamplePcm16(second, 8_000, 16_000), ...tone(320, 16_000)]);
  });

  it('continues a WAV stream after a chunk that was not a WAV file', () => {
    const input = newInput();
    const whole = tone(9_600, 48_000);
    const send = (pcm: Int16Array): number[] => [...pcmOf(input.decodeChunk(chunk('audio/wav', wav(pcm, { rateHz: 48_000 }))))];
    const heard = send(whole.subarray(0, 4_800));
    expect(input.decodeChunk(chunk('audio/wav', new Uint8Array(64))).ok).toBe(false);
    heard.push(...send(whole.subarray(4_800)));
    expect([...resamplePcm16(whole, 48_000, 16_000)].slice(0, heard.length)).toEqual(heard);
  });

  it('accepts at most two seconds of audio, whatever the sample rate', () => {
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
    ['WebM with another codec', chunk('audio/webm;codecs=pcm', 'AAAA'), 'unsupported_format', /Opus/],
    ['a WebM chunk without WebM data', chunk('audio/webm', 'AAAA'), 'invalid_audio', /first chunk/],
    ['a WebM chunk that is not base64', chunk('audio/webm', '****'), 'invalid_audio', /base64/],
    ['a chunk from the middle of a recording', chunk('audio/webm', webmRecording('clean-time')[4]), 'invalid_audio', /first chunk/],
    ['PCM of another sample rate', chunk('audio/pcm;rate=8000', 'AAAA'), 'unsupported_format', /16000/],
    ['an unknown format', chunk('video/mp4', 'AAAA'), 'unsupported_format', /audio\/pcm/],
    ['empty data', chunk(PCM_FORMAT, ''), 'invalid_audio', /empty/],
    ['data that is not base64', chunk(PCM_FORMAT, 'A*AA'), 'invalid_audio', /base64/],
    ['truncated base64', chunk(PCM_FORMAT, 'AAAAA'), 'invalid_audio', /base64/],
    ['base64 with padding in the middle', chunk(PCM_FORMAT, 'AA==AAAA'), 'invalid_audio', /base64/],
    ['URL-safe base64', chunk(PCM_FORMAT, 'A_-A'), 'invalid_audio', /base64/],
    ['half a sample', chunk(PCM_FORMAT, new Uint8Array(3)), 'invalid_audio', /odd/],
    ['far too much audio', chunk(PCM_FORMAT, 'A'.repeat(800_000)), 'invalid_audio', /2 seconds/],
    ['a WAV chunk without a WAV header', chunk('audio/wav', new Uint8Array(64)), 'invalid_audio', /WAV/],
    ['a WAV without audio', chunk('audio/wav', wav(new Int16Array(0))), 'invalid_audio', /empty/],
    ['a WAV of 8 bits', chunk('audio/wav', wav(tone(320, 16_000), { bits: 8 })), 'invalid_audio', /16-bit/],
    ['a WAV of floats', chunk('audio/wav', wav(tone(320, 16_000), { encoding: 3 })), 'invalid_audio', /16-bit/],
    ['a WAV of six channels', chunk('audio/wav', wav(tone(360, 16_000), { channels: 6 })), 'invalid_audio', /WAV/],
    ['a WAV with a sample rate of zero', chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 0 })), 'invalid_audio', /./],
    [
      'a WAV whose sample rate would turn it into days of audio',
      chunk('audio/wav', wav(new Int16Array(200_000), { rateHz: 1 })),
      'unsupported_format',
      /kHz/,
    ],
    [
      'a WAV whose sample rate would need a huge resampling filter',
      chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 4_294_967_291 })),
      'unsupported_format',
      /kHz/,
    ],
    [
      'a WAV whose sample rate is close to a usual one',
      chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 44_101 })),
      'unsupported_format',
      /44.1/,
    ],
    ['an empty WAV of an unusual sample rate', chunk('audio/wav', wav(new Int16Array(0), { rateHz: 17_011 })), 'unsupported_format', /kHz/],
  ];
  it.each(refused)('refuses %s', (_name, input, code, words) => {
    expect(decodeAudioChunk(input)).toEqual({ ok: false, code, message: expect.stringMatching(words) });
  });
});

describe('InputAudio.decodePcm', () => {
  it.each([
    [0, false],
    [1, false],
    [2, true],
    [640, true],
    [641, false],
    [64_000, true],
    [64_001, false],
    [64_640, false],
  ])('reports for %i bytes whether they are valid audio: %s', (bytes, ok) => {
    expect(decodePcm(new Uint8Array(bytes)).ok).toBe(ok);
  });

  it('reads bytes from any offset of a buffer', () => {
    const bytes = new Uint8Array([9, 1, 0, 255, 255]).subarray(1);
    expect([...pcmOf(decodePcm(bytes))]).toEqual([1, -1]);
  });
});
