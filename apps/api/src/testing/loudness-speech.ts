import type { Recognition, RecognitionStream, Recogniser, SynthesisedSpeech, Synthesiser } from '@parley/simulator';

/** Hears words in how loud they are said, so that what is heard is of the audio that came and of no other. For tests. */
export class LoudnessRecogniser implements Recogniser {
  readonly ready = Promise.resolve();

  /** `wordsAt`: what the loudest sample stands for. */
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

/** Says words as a sound that is the same throughout, so that every sample tells whose it is. For tests. */
export class LoudnessSynthesiser implements Synthesiser {
  readonly ready = Promise.resolve();

  /** `loudnessOf`: the sample that stands for a text. */
  constructor(private readonly loudnessOf: (text: string) => number) {}

  speak(text: string): Promise<SynthesisedSpeech> {
    const pcm = new Int16Array((SAMPLE_RATE_HZ * DURATION_MS) / 1_000).fill(this.loudnessOf(text));
    return Promise.resolve({ sampleRateHz: SAMPLE_RATE_HZ, pcm, words: [{ word: text, startMs: 0, endMs: DURATION_MS }] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
