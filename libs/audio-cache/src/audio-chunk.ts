/** When each character is spoken, in milliseconds from the start of the audio. The three lists have the same length. */
export interface AudioAlignment {
  chars: string[];
  startMs: number[];
  durationMs: number[];
}

/** A piece of spoken audio as a provider yields it. */
export interface AudioChunk {
  /** Mono PCM, as whole samples. Must not be changed: several readers may share it. */
  pcm: Int16Array;
  alignment?: AudioAlignment;
  /** In a dialogue: the index of the line that is spoken. */
  line?: number;
}

/** Facts to remember with the audio, such as the number of characters that were billed. */
export type AudioDetails = Readonly<Record<string, string | number | boolean>>;
