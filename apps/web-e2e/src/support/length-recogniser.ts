import type { Recognition, RecognitionStream, Recogniser } from '@parley/simulator';

const SAMPLES_PER_MS = 16;
const BLOCK_SAMPLES = 20 * SAMPLES_PER_MS;
/** The mean square above which the page's microphone audio is a voice. */
const VOICED = 150 ** 2;
const LONGEST_AGREEMENT_MS = 700;

/** A recogniser that returns a back-channel for a short utterance and a sentence for a long one, for tests of how the words are used. */
export class LengthRecogniser implements Recogniser {
  readonly ready = Promise.resolve();

  constructor(
    private readonly agreement: string,
    private readonly sentence: string,
  ) {}

  open(): RecognitionStream {
    let voicedMs = 0;
    const text = (): string => (voicedMs > LONGEST_AGREEMENT_MS ? this.sentence : this.agreement);
    const recognition = (): Recognition => ({
      text: text(),
      words: text()
        .split(' ')
        .map((word, i) => ({ word, startMs: i * 100, endMs: (i + 1) * 100, probability: 1 })),
      confidence: 1,
    });
    return {
      push: (pcm) => {
        for (let at = 0; at < pcm.length; at += BLOCK_SAMPLES) if (isVoiced(pcm.subarray(at, at + BLOCK_SAMPLES))) voicedMs += 20;
      },
      get partial() {
        return voicedMs > LONGEST_AGREEMENT_MS ? text() : '';
      },
      end: () => Promise.resolve(recognition()),
      cancel: () => undefined,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function isVoiced(pcm: Int16Array): boolean {
  let energy = 0;
  for (const sample of pcm) energy += sample ** 2;
  return energy / pcm.length > VOICED;
}
