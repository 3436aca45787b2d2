import type { Recogniser, Recognition, RecognitionStream, RecognisedWord } from './ports.ts';

const SAMPLES_PER_MS = 16;

export interface ScriptedRecogniserOptions {
  /** The texts of the utterances, in the order in which they end. */
  texts?: readonly string[];
  /** The text of every further utterance. Default: empty. */
  otherwise?: string;
  /** How much audio makes a word appear in the partial text. */
  wordMs?: number;
  confidence?: number;
}

/** A recogniser for tests that returns queued texts, one more word with every `wordMs` of audio. */
export class ScriptedRecogniser implements Recogniser {
  readonly ready = Promise.resolve();
  private readonly texts: string[];
  private readonly otherwise: string;
  private readonly wordMs: number;
  private readonly confidence: number;
  private openStreams = 0;

  constructor(options: ScriptedRecogniserOptions = {}) {
    this.texts = [...(options.texts ?? [])];
    this.otherwise = options.otherwise ?? '';
    this.wordMs = options.wordMs ?? 200;
    this.confidence = options.confidence ?? 0.95;
  }

  /** Utterances opened and neither ended nor cancelled: 0 when every lease has been given back. */
  get openCount(): number {
    return this.openStreams;
  }

  /** Adds a text after those already queued. */
  expect(text: string): void {
    this.texts.push(text);
  }

  open(): RecognitionStream {
    const text = (): string => this.texts.at(0) ?? this.otherwise;
    let samples = 0;
    let result: Promise<Recognition> | undefined;
    let open = true;
    this.openStreams++;
    const giveBack = (): void => {
      if (open) this.openStreams--;
      open = false;
    };
    const heardWords = (): string[] => splitWords(text()).slice(0, Math.floor(samples / (this.wordMs * SAMPLES_PER_MS)));
    let last = '';
    return {
      push: (pcm) => {
        if (!open) return;
        samples += pcm.length;
        last = heardWords().join(' ');
      },
      get partial() {
        return last;
      },
      end: () => {
        if (result !== undefined) return result;
        const recognition = open ? this.recognition(text()) : this.recognition('');
        if (open) this.texts.shift();
        last = recognition.text;
        giveBack();
        result = Promise.resolve(recognition);
        return result;
      },
      cancel: giveBack,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private recognition(text: string): Recognition {
    const words = splitWords(text).map((word, i): RecognisedWord => {
      return { word, startMs: i * this.wordMs, endMs: (i + 1) * this.wordMs, probability: this.confidence };
    });
    return { text: words.map(({ word }) => word).join(' '), words, confidence: words.length === 0 ? 0 : this.confidence };
  }
}

function splitWords(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
