import type { Recogniser, RecognitionStream } from '@parley/simulator';

const SAMPLES_PER_MS = 16;
const WORD_MS = 200;

/**
 * A recogniser whose nth utterance gets the nth text, whatever happened to the utterances before, so that a result that reaches the wrong
 * utterance is noticed.
 */
export class OrderedRecogniser implements Recogniser {
  readonly ready = Promise.resolve();
  readonly #texts: string[] = [];
  #begun = 0;
  #open = 0;

  /** Utterances begun and neither ended nor cancelled. */
  get openCount(): number {
    return this.#open;
  }

  /** Utterances begun so far. */
  get begunCount(): number {
    return this.#begun;
  }

  hear(...texts: string[]): void {
    this.#texts.push(...texts);
  }

  open(): RecognitionStream {
    const words = (this.#texts[this.#begun++] ?? '').split(' ');
    let samples = 0;
    let isOpen = true;
    this.#open += 1;
    const giveBack = (): void => {
      if (isOpen) this.#open -= 1;
      isOpen = false;
    };
    return {
      push: (pcm) => void (samples += pcm.length),
      get partial() {
        return words.slice(0, Math.floor(samples / (WORD_MS * SAMPLES_PER_MS))).join(' ');
      },
      end: () => {
        giveBack();
        const heard = words.map((word, i) => ({ word, startMs: i * WORD_MS, endMs: (i + 1) * WORD_MS, probability: 1 }));
        return Promise.resolve({ text: words.join(' '), words: heard, confidence: 1 });
      },
      cancel: giveBack,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
