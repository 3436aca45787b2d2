import type { Recognition, RecognitionStream, Recogniser, SynthesisedSpeech, Synthesiser } from '@parley/simulator';

/** Recognises words by the loudness of the audio, so that a transcript shows from which client's audio it was made. */
export class LoudnessRecogniser implements Recogniser {
  readonly ready = Promise.resolve();

  /** `wordsAt` returns the words for the value of the loudest sample. */
  constructor(private readonly wordsAt: (loudest: number) => string) {}

  open(): RecognitionStream {
    let loudest = 0;
    return {
      push: (pcm) => (loudest = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), loudest)),
      partial: '',
      end: (): Promise<Recognition> => {
        const text = this.wordsAt(loudest);
        const words = text.split(' ').map((word, i) => ({ word, startMs: i * 100, endMs: (i + 1) * 100, probability: 1 }));
        return Promise.resolve({ text, words, confidence: 1 });
      },
      cancel: () => undefined,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const SAMPLE_RATE_HZ = 24_000;
const DURATION_MS = 500;

/** Speaks each text as a constant signal, so that every sample shows for which client's text it was made. */
export class LoudnessSynthesiser implements Synthesiser {
  readonly ready = Promise.resolve();

  /** `loudnessOf` returns the value of all samples for a text. */
  constructor(private readonly loudnessOf: (text: string) => number) {}

  speak(text: string): Promise<SynthesisedSpeech> {
    const pcm = new Int16Array((SAMPLE_RATE_HZ * DURATION_MS) / 1_000).fill(this.loudnessOf(text));
    return Promise.resolve({ sampleRateHz: SAMPLE_RATE_HZ, pcm, words: [{ word: text, startMs: 0, endMs: DURATION_MS }] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
