import { decodeSocketFrame } from './socket-frame';
import { languageCode, modelTraits } from './model-traits';
import { outputRate } from './output-rate';
import { SpeechAssembler } from './speech-assembler';

describe('decodeSocketFrame', () => {
  const none = { audio: undefined, alignment: undefined, isFinal: false };
  const audio = Buffer.from([1, 0]);
  const aligned = (durations: string) => ({ chars: ['H', 'i'], charStartTimesMs: [0, 80], [durations]: [80, 60] });
  const alignment = { chars: ['H', 'i'], startMs: [0, 80], durationMs: [80, 60] };

  it.each<[string, object, object]>([
    [
      'an audio frame',
      { audio: 'AQA=', contextId: 'c', isFinal: null, alignment: null },
      { type: 'speech', contextId: 'c', ...none, audio },
    ],
    ['the last frame of a context', { contextId: 'c', isFinal: true }, { type: 'speech', contextId: 'c', ...none, isFinal: true }],
    [
      'the last frame when its audio is null',
      { audio: null, contextId: 'c', isFinal: true },
      { type: 'speech', contextId: 'c', ...none, isFinal: true },
    ],
    ['a frame with field names in snake case', { audio: 'AQA=', context_id: 'c' }, { type: 'speech', contextId: 'c', ...none, audio }],
    [
      'a frame with alignment',
      { audio: 'AQA=', contextId: 'c', alignment: aligned('charDurationsMs') },
      { type: 'speech', contextId: 'c', ...none, audio, alignment },
    ],
    [
      'a frame whose alignment uses the other spelling of the field',
      { audio: 'AQA=', contextId: 'c', alignment: aligned('charsDurationsMs') },
      { type: 'speech', contextId: 'c', ...none, audio, alignment },
    ],
    [
      'a frame with the normalised alignment when both alignments are present',
      {
        audio: 'AQA=',
        contextId: 'c',
        alignment: { chars: ['x'], charStartTimesMs: [0], charDurationsMs: [1] },
        normalizedAlignment: aligned('charDurationsMs'),
      },
      { type: 'speech', contextId: 'c', ...none, audio, alignment },
    ],
    [
      'a frame whose alignment is inconsistent, without the alignment',
      { audio: 'AQA=', contextId: 'c', alignment: { chars: ['x'], charStartTimesMs: [], charDurationsMs: [1] } },
      { type: 'speech', contextId: 'c', ...none, audio },
    ],
    [
      'an error frame',
      { message: 'm', error: 'quota_exceeded', code: 1008 },
      { type: 'error', contextId: undefined, error: 'quota_exceeded', code: 1008 },
    ],
    [
      'an error frame of one context',
      { error: 'x', code: 1008, contextId: 'c' },
      { type: 'error', contextId: 'c', error: 'x', code: 1008 },
    ],
    [
      'an error frame that has only a code',
      { message: 'm', code: 1008 },
      { type: 'error', contextId: undefined, error: undefined, code: 1008 },
    ],
    ['a frame of an unknown type as ignored', { type: 'flush_done' }, { type: 'ignored' }],
  ])('decodes %s', (_name, message, frame) => expect(decodeSocketFrame(JSON.stringify(message))).toEqual(frame));

  it.each(['{"audio":"AQ', '[]', ''])('reports %j as garbage', (text) => expect(decodeSocketFrame(text)).toEqual({ type: 'garbage' }));
});

describe('modelTraits', () => {
  it.each([
    ['eleven_flash_v2_5', true, true, 2_500],
    ['eleven_turbo_v2_5', true, true, 2_500],
    ['eleven_flash_v2', true, false, 2_500],
    ['eleven_multilingual_v2', true, false, 4_000],
    ['eleven_v3', false, false, 8_000],
    ['eleven_v4_turbo', false, false, 2_500],
    ['someones_model', true, false, 4_000],
  ])(
    'says for %s: works on the socket %p, takes a language %p, first audio expected within %i ms',
    (id, worksOnSocket, takesLanguage, firstAudioTimeoutMs) => {
      expect(modelTraits(id)).toMatchObject({ worksOnSocket, takesLanguage, firstAudioTimeoutMs });
    },
  );

  it.each([
    ['en-IN', 'en'],
    ['hi', 'hi'],
    ['kok-IN', undefined],
    [undefined, undefined],
  ])('derives from the language tag %p the language code %p', (tag, expected) => expect(languageCode(tag)).toBe(expected));
});

describe('outputRate', () => {
  it.each([
    [8_000, 8_000],
    [16_000, 16_000],
    [24_000, 24_000],
    [44_100, 48_000],
    [11_025, 16_000],
    [96_000, 48_000],
  ])('for a wanted rate of %i Hz chooses %i Hz', (wanted, expected) => expect(outputRate(wanted)).toBe(expected));
});

describe('SpeechAssembler', () => {
  const bytes = (samples: number) => new Uint8Array(samples * 2);

  it('carries the odd byte at the end of one frame over into the next', () => {
    const assembler = new SpeechAssembler(16_000, 16_000);
    expect(assembler.push(Uint8Array.of(1))).toBeUndefined();
    expect(assembler.push(Uint8Array.of(0, 2, 0, 3))).toEqual({ pcm: Int16Array.of(1, 2) });
  });

  it('gives the times of alignment relative to the start of the call', () => {
    const assembler = new SpeechAssembler(16_000, 16_000);
    const frame = { chars: ['a'], startMs: [10], durationMs: [50] };
    expect(assembler.push(bytes(1_600), frame)?.alignment).toEqual(frame);
    expect(assembler.push(bytes(1_600))).not.toHaveProperty('alignment');
    expect(assembler.push(bytes(1_600), frame)?.alignment).toEqual({ chars: ['a'], startMs: [210], durationMs: [50] });
    expect(assembler.receivedMs).toBe(300);
  });

  it('keeps alignment that arrives without audio for the next chunk', () => {
    const assembler = new SpeechAssembler(16_000, 16_000);
    expect(assembler.push(Uint8Array.of(1), { chars: ['a'], startMs: [0], durationMs: [5] })).toBeUndefined();
    expect(assembler.push(Uint8Array.of(0), { chars: ['b'], startMs: [5], durationMs: [5] })?.alignment).toEqual({
      chars: ['a', 'b'],
      startMs: [0, 5],
      durationMs: [5, 5],
    });
  });

  it('resamples all of the audio to a rate that the vendor does not offer', () => {
    const assembler = new SpeechAssembler(48_000, 44_100);
    const samples = [assembler.push(bytes(24_000)), assembler.push(bytes(24_000)), assembler.flush()].reduce(
      (sum, chunk) => sum + (chunk?.pcm.length ?? 0),
      0,
    );
    expect(Math.abs(samples - 44_100)).toBeLessThan(50);
    expect(assembler.receivedMs).toBe(1_000);
  });
});
