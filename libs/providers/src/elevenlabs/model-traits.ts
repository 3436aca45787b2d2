/** The differences between the vendor's models, by id. An unknown id is treated like the multilingual model. */
export interface ModelTraits {
  /** False for the models from v3 on, which the text-to-speech sockets refuse. */
  worksOnSocket: boolean;
  /** False for models that do not enforce a language, for which `language_code` is an error. */
  takesLanguage: boolean;
  /** Whether a request may carry the neighbouring text as context. */
  takesPreviousText: boolean;
  /** Limit from the text to the first audio, in milliseconds. The large models are slow and not made for conversation. */
  firstAudioTimeoutMs: number;
}

const TRAITS: readonly [pattern: RegExp, traits: ModelTraits][] = [
  [/^eleven_(?:flash|turbo)_v2_5/, { worksOnSocket: true, takesLanguage: true, takesPreviousText: true, firstAudioTimeoutMs: 2_500 }],
  [/^eleven_(?:flash|turbo)/, { worksOnSocket: true, takesLanguage: false, takesPreviousText: true, firstAudioTimeoutMs: 2_500 }],
  [/^eleven_v4_turbo/, { worksOnSocket: false, takesLanguage: false, takesPreviousText: false, firstAudioTimeoutMs: 2_500 }],
  [/^eleven_v(?:[3-9]|\d\d)/, { worksOnSocket: false, takesLanguage: false, takesPreviousText: false, firstAudioTimeoutMs: 8_000 }],
];

const OTHERS: ModelTraits = { worksOnSocket: true, takesLanguage: false, takesPreviousText: true, firstAudioTimeoutMs: 4_000 };

export function modelTraits(modelId: string): ModelTraits {
  return TRAITS.find(([pattern]) => pattern.test(modelId))?.[1] ?? OTHERS;
}

/** Returns the ISO 639-1 code of a BCP-47 tag. */
export function languageCode(tag: string | undefined): string | undefined {
  const subtag = tag?.split(/[-_]/, 1)[0]?.toLowerCase();
  return subtag !== undefined && /^[a-z]{2}$/.test(subtag) ? subtag : undefined;
}
