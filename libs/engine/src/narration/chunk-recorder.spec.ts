import type { SpeechChunk } from '@parley/providers';
import { ChunkRecorder } from './chunk-recorder';
import type { ChunkIdentity } from './narration-ports';

const RATE_HZ = 1_000;
const MS_PER_CHARACTER = 50;
const identity = (text: string): ChunkIdentity => ({ voiceId: 'clara', model: 'model', sampleRateHz: RATE_HZ, before: '', text });

describe('what is recorded of a call to a voice', () => {
  let stored: { text: string; speech: SpeechChunk }[];
  let recorder: ChunkRecorder;
  beforeEach(() => {
    stored = [];
    recorder = new ChunkRecorder({ sampleRateHz: RATE_HZ, store: ({ text }, speech) => stored.push({ text, speech }) });
  });

  /** The audio and the times of all characters of `text` from `from` to `to`. */
  const speech = (text: string, from: number, to: number, pcmTo = to): SpeechChunk => ({
    pcm: new Int16Array((pcmTo - from) * MS_PER_CHARACTER).fill(1_000),
    alignment: {
      chars: text.slice(from, to).split(''),
      startMs: text.slice(from, to).split('').map((_, index) => (from + index) * MS_PER_CHARACTER), // prettier-ignore
      durationMs: text.slice(from, to).split('').map(() => MS_PER_CHARACTER), // prettier-ignore
    },
  });
  const texts = (): string[] => stored.map(({ text }) => text);

  it('is cut where the next chunk begins, however the audio comes', () => {
    const text = 'One. Two. Three.';
    for (const chunk of ['One. ', 'Two. ', 'Three.']) recorder.given(identity(chunk));
    for (let at = 0; at < text.length; at += 3) recorder.heard(speech(text, at, Math.min(at + 3, text.length)));
    expect(texts()).toEqual(['One. ', 'Two. ']);
    recorder.end();
    expect(texts()).toEqual(['One. ', 'Two. ', 'Three.']);
    expect(stored.map(({ speech: { pcm } }) => pcm.length)).toEqual([250, 250, 300]);
    expect(stored[1].speech.alignment?.startMs).toEqual([0, 50, 100, 150, 200]);
  });

  it('waits for the audio of a chunk whose times came before it', () => {
    recorder.given(identity('One. '));
    recorder.given(identity('Two.'));
    recorder.heard({ ...speech('One. Two.', 0, 9), pcm: new Int16Array(200) });
    expect(texts()).toEqual([]);
    recorder.heard({ pcm: new Int16Array(250) });
    expect(texts()).toEqual(['One. ']);
  });

  it('begins and ends in silence, and leaves the audio that is played as it is', () => {
    recorder.given(identity('One. '));
    const heard = speech('One. ', 0, 5);
    recorder.heard(heard);
    recorder.end();
    const { pcm } = stored[0].speech;
    expect([pcm[0], pcm.at(-1), pcm[100]]).toEqual([0, 0, 1_000]);
    expect(heard.pcm.every((sample) => sample === 1_000)).toBe(true);
  });

  it('contains nothing from where the times are of another text', () => {
    for (const chunk of ['One. ', 'Two. ', 'Three. ']) recorder.given(identity(chunk));
    recorder.heard(speech('One. Twx. Three. ', 0, 17));
    recorder.end();
    expect(texts()).toEqual([]);
  });

  it('does not contain a last chunk whose words were not all told', () => {
    recorder.given(identity('One two.'));
    recorder.heard(speech('One two.', 0, 5));
    recorder.end();
    expect(texts()).toEqual([]);
  });

  it('contains a last chunk whose white space was not told', () => {
    recorder.given(identity('One. '));
    recorder.heard(speech('One. ', 0, 4));
    recorder.end();
    expect(texts()).toEqual(['One. ']);
  });

  it('is given up when there is too much audio without times', () => {
    recorder.given(identity('One. '));
    for (let piece = 0; piece < 130; piece++) recorder.heard({ pcm: new Int16Array(RATE_HZ) });
    recorder.heard(speech('One. ', 0, 5));
    recorder.end();
    expect(texts()).toEqual([]);
  });
});
