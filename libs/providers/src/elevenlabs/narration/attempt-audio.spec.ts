import type { CharacterAlignment, SpeechChunk } from '../../ports/text-to-speech';
import { SpeechAssembler } from '../speech-assembler';
import { AttemptAudio, type Continuation } from './attempt-audio';

const RATE_HZ = 16_000;
const TEXT = 'One two three. Four five six seven eight nine ten. Eleven.';
const CHARACTER_MS = 50;

const loud = (ms: number): Uint8Array => new Uint8Array(new Int16Array((ms * RATE_HZ) / 1000).fill(1_000).buffer);
const aligned = (text: string): CharacterAlignment => {
  const chars = Array.from(text);
  return { chars, startMs: chars.map((_, at) => at * CHARACTER_MS), durationMs: chars.map(() => CHARACTER_MS) };
};
const msOf = (chunk: SpeechChunk | undefined): number => ((chunk?.pcm.length ?? 0) / RATE_HZ) * 1000;

describe('the audio of one attempt', () => {
  function attempt(from: Continuation = { position: 0, skipMs: 0 }, startMs = 0): AttemptAudio {
    const assembler = new SpeechAssembler(RATE_HZ, RATE_HZ);
    const audio = new AttemptAudio({ text: () => TEXT, from, startMs, sampleRateHz: RATE_HZ, assembler, handsOut: 'words' });
    audio.sent(from.position, TEXT.length);
    return audio;
  }
  const speak = (audio: AttemptAudio, text: string): SpeechChunk | undefined => audio.push(loud(text.length * CHARACTER_MS), aligned(text));

  it('hands out what ends with a word, and holds back the rest and the length of a fade', () => {
    const audio = attempt();
    const chunk = speak(audio, 'One tw');
    // The boundary lies slightly before the next word.
    expect(msOf(chunk)).toBe(185 - 5);
    expect(chunk?.alignment?.chars.join('')).toBe('One ');
  });

  it('hands out the beginning of the first word at once, and its times when the word is complete', () => {
    const audio = attempt();
    expect(speak(audio, 'On')).toEqual({ pcm: expect.anything() });
    expect(speak(audio, 'e t')?.alignment?.chars.join('')).toBe('One ');
  });

  it('continues with the word that was not handed out completely', () => {
    const audio = attempt();
    speak(audio, 'One tw');
    const { chunk, continuation } = audio.lost();
    expect(continuation).toEqual({ position: 4, skipMs: 0 });
    expect(chunk?.pcm.at(4)).toBeLessThan(1_000);
    expect(TEXT.slice(continuation.position)).toMatch(/^two/);
  });

  it('puts a short pause between words of two attempts, and fades in the second', () => {
    const audio = attempt();
    const handedOut = msOf(speak(audio, 'One tw'));
    const { chunk, continuation } = audio.lost();
    expect(handedOut + msOf(chunk)).toBe(185 + 60 - 35);
    const next = attempt(continuation, handedOut + msOf(chunk));
    const second = speak(next, 'two thr');
    expect(second?.pcm[0]).toBe(0);
    expect(second?.pcm.at(-1)).toBe(1_000);
    expect(second?.alignment?.startMs[0]).toBe(handedOut + msOf(chunk));
  });

  it('skips in the next attempt what was handed out of an unfinished first word', () => {
    const audio = attempt();
    speak(audio, 'On');
    const { continuation } = audio.lost();
    expect(continuation).toEqual({ position: 0, skipMs: 100, isInWord: true });
    const next = attempt(continuation, 100);
    expect(msOf(speak(next, 'One tw'))).toBe(185 - 5 - 100);
  });

  it('skips as much of the word when the next attempt begins with silence', () => {
    const audio = attempt();
    speak(audio, 'On');
    const next = attempt(audio.lost().continuation, 100);
    expect(next.push(loud(120), undefined)).toBeUndefined();
    // The word begins 120 ms later than before, so 120 ms more are skipped.
    expect(msOf(speak(next, 'One tw'))).toBe(120 + 185 - 5 - 120 - 100);
  });

  it('does not take text for spoken that was not sent, when a piece was flushed within a word', () => {
    const assembler = new SpeechAssembler(RATE_HZ, RATE_HZ);
    const from = { position: 0, skipMs: 0 };
    const audio = new AttemptAudio({ text: () => TEXT, from, startMs: 0, sampleRateHz: RATE_HZ, assembler, handsOut: 'words' });
    audio.sent(0, 6);
    speak(audio, 'One tw');
    expect(audio.lost().continuation.position).toBe(6);
  });

  it('continues with a sentence that cannot have begun when much audio has no alignment', () => {
    const audio = attempt();
    for (let count = 0; count < 20; count += 1) audio.push(loud(100), undefined);
    const { continuation } = audio.lost();
    expect(continuation.skipMs).toBe(0);
    expect(TEXT.slice(continuation.position)).toBe('Eleven.');
  });

  it('hands out everything when no more audio may come for a while', () => {
    const audio = attempt();
    speak(audio, 'One tw');
    expect(msOf(audio.release())).toBe(300 - 180 - 5);
    expect(audio.lost().continuation).toEqual({ position: 4, skipMs: 300 - 200, isInWord: true });
  });

  it('tells the times of every character once, to the end of the text', () => {
    const audio = attempt();
    const chunks = [
      speak(audio, 'One tw'),
      speak(audio, 'o three.'),
      speak(audio, TEXT.slice(14)),
      audio.finish(TEXT.length, { isLast: true }),
    ];
    expect(chunks.flatMap((chunk) => chunk?.alignment?.chars ?? []).join('')).toBe(TEXT);
    expect(chunks.reduce((sum, chunk) => sum + msOf(chunk), 0)).toBe(TEXT.length * CHARACTER_MS);
  });
});
