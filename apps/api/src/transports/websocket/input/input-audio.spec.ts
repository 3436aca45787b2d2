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
/** By a client that sent nothing before. */
const decodeAudioChunk = (message: AudioChunk): DecodedAudio => newInput().decodeChunk(message);
const decodePcm = (bytes: Uint8Array): DecodedAudio => newInput().decodePcm(bytes);

function pcmOf(audio: DecodedAudio): Int16Array {
  const pieces: Int16Array[] = [];
  if (audio.ok) audio.deliver((pcm) => pieces.push(pcm));
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

/** A WAV file with other fields in its header than the encoder writes. */
function wav(pcm: Int16Array, { rateHz = 16_000, channels = 1, bits = 16, encoding = 1 } = {}): Uint8Array {
  const bytes = Buffer.from(encodeWav(pcm, rateHz));
  bytes.writeUInt16LE(encoding, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt16LE(bits, 34);
  return bytes;
}

const stereo = (mono: Int16Array): Int16Array => Int16Array.from({ length: mono.length * 2 }, (_sample, index) => mono[index >> 1]);

describe('InputAudio.decodeChunk', () => {
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
    // What a filter still waits for comes with the next chunk.
    expect(pcm.length).toBeGreaterThan(3_100);
    expect(pcm.length).toBeLessThanOrEqual(3_200);
    // Away from the edges it is the same tone.
    const errors = [...pcm].slice(400, 2_800).map((sample, index) => Math.abs(sample - expected[index + 400]));
    expect(Math.max(...errors)).toBeLessThan(150);
  });

  it.each([
    [44_100, 100],
    [48_000, 100],
    [48_000, 37],
    [22_050, 250],
    [8_000, 20],
  ])('joins WAV chunks of %i Hz and %i ms without a trace', (rateHz, chunkMs) => {
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

  it('begins anew with a WAV of another rate, and loses nothing of the one before', () => {
    const input = newInput();
    const [first, second] = [tone(4_800, 48_000), tone(800, 8_000)];
    const heard = [
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(first, { rateHz: 48_000 })))),
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(second, { rateHz: 8_000 })))),
      ...pcmOf(input.decodeChunk(chunk('audio/wav', wav(tone(320, 16_000))))),
    ];
    expect(heard).toEqual([...resamplePcm16(first, 48_000, 16_000), ...resamplePcm16(second, 8_000, 16_000), ...tone(320, 16_000)]);
  });

  it('goes on with a WAV stream after a chunk that was none', () => {
    const input = newInput();
    const whole = tone(9_600, 48_000);
    const send = (pcm: Int16Array): number[] => [...pcmOf(input.decodeChunk(chunk('audio/wav', wav(pcm, { rateHz: 48_000 }))))];
    const heard = send(whole.subarray(0, 4_800));
    expect(input.decodeChunk(chunk('audio/wav', new Uint8Array(64))).ok).toBe(false);
    heard.push(...send(whole.subarray(4_800)));
    expect([...resamplePcm16(whole, 48_000, 16_000)].slice(0, heard.length)).toEqual(heard);
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
    ['WebM with another codec', chunk('audio/webm;codecs=pcm', 'AAAA'), 'unsupported_format', /Opus/],
    ['WebM that is none', chunk('audio/webm', 'AAAA'), 'invalid_audio', /first chunk/],
    ['WebM that is no base64', chunk('audio/webm', '****'), 'invalid_audio', /base64/],
    ['the midst of a recording', chunk('audio/webm', webmRecording('clean-time')[4]), 'invalid_audio', /first chunk/],
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
    [
      'a WAV whose rate would make days of audio',
      chunk('audio/wav', wav(new Int16Array(200_000), { rateHz: 1 })),
      'unsupported_format',
      /kHz/,
    ],
    [
      'a WAV whose rate would make a giant filter',
      chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 4_294_967_291 })),
      'unsupported_format',
      /kHz/,
    ],
    ['a WAV of a rate beside a usual one', chunk('audio/wav', wav(tone(320, 16_000), { rateHz: 44_101 })), 'unsupported_format', /44.1/],
    ['an empty WAV of an unusual rate', chunk('audio/wav', wav(new Int16Array(0), { rateHz: 17_011 })), 'unsupported_format', /kHz/],
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
  ])('of %i bytes: %s', (bytes, ok) => {
    expect(decodePcm(new Uint8Array(bytes)).ok).toBe(ok);
  });

  it('reads bytes at any place of a buffer', () => {
    const bytes = new Uint8Array([9, 1, 0, 255, 255]).subarray(1);
    expect([...pcmOf(decodePcm(bytes))]).toEqual([1, -1]);
  });
});
