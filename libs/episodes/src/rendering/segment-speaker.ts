import { joinPcm } from '@parley/audio';
import { type AudioCache, type AudioIdentity, audioKey } from '@parley/audio-cache';
import { applyPronunciations, originalAlignment, type SpokenText } from '@parley/narration';
import type { NarrationNotice, NarrationProvider, SpeechChunk } from '@parley/providers';
import { type CharacterTimes } from '../sound';
import type { EpisodePronunciation, EpisodeScript, Segment } from '../storage';
import { toPronunciation } from './pronunciations';

/** Sample rate of episodes in Hz: what all accounts of the vendor may have, and MP3 knows. */
export const EPISODE_SAMPLE_RATE_HZ = 24_000;

/** A segment as the vendor speaks it. */
export interface SegmentSpeech {
  pcm: Int16Array;
  alignment?: CharacterTimes;
  /** Key in the audio cache. */
  key: string;
  billedCharacters: number;
  /** Whether the audio was there already, or was being made for another segment. */
  cached: boolean;
  fallbacks: number;
}

/** What is needed of the episode. */
export type SpokenEpisode = Pick<EpisodeScript, 'language' | 'seed' | 'pronunciations'>;

/** The text around a segment, spoken by the same voice. */
export interface SegmentContext {
  previousText?: string;
  nextText?: string;
}

export interface SegmentSpeakerOptions {
  provider: NarrationProvider;
  cache: AudioCache;
  /** Whether a model speaks whole texts only as dialogue. */
  speaksDialogueOnly: (model: string) => boolean;
  onNotice?: (notice: NarrationNotice) => void;
}

/** Speaks single segments, by way of the audio cache. */
export class SegmentSpeaker {
  readonly #options: SegmentSpeakerOptions;

  constructor(options: SegmentSpeakerOptions) {
    this.#options = options;
  }

  /** `undefined` if `signal` has aborted. Throws `ProviderError`. */
  async speak(segment: Segment, episode: SpokenEpisode, context: SegmentContext, signal: AbortSignal): Promise<SegmentSpeech | undefined> {
    const spoken = this.#options.speaksDialogueOnly(segment.model) ? withPronunciations(segment.text, episode.pronunciations) : undefined;
    const identity = spoken ? this.#dialogueIdentity(segment, episode, spoken.text) : this.#identity(segment, episode, context);
    const made = { billedCharacters: 0, fallbacks: 0 };
    const onNotice = (notice: NarrationNotice): void => {
      if (notice.type === 'billed') made.billedCharacters += notice.characters;
      if (notice.type === 'fallback') made.fallbacks++;
      this.#options.onNotice?.(notice);
    };
    let cached = false;
    const stream = this.#options.cache.speak(
      {
        identity,
        make: (stop) =>
          spoken ? this.#dialogue(segment, episode, spoken.text, onNotice, stop) : this.#plain(segment, episode, context, onNotice, stop),
        details: () => ({ billedCharacters: made.billedCharacters }),
        onSource: (source) => (cached = source !== 'made'),
      },
      signal,
    );
    const chunks: SpeechChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    if (signal.aborted) return undefined;
    const times = joinedTimes(chunks);
    const alignment = spoken && times ? originalAlignment(spoken, times) : times;
    return { pcm: joinPcm(chunks.map(({ pcm }) => pcm)), ...(alignment && { alignment }), key: audioKey(identity), cached, ...made };
  }

  /** A short text, as it comes. */
  async *preview(voice: { text: string; voiceId: string; model: string }, signal: AbortSignal): AsyncGenerator<Int16Array, void> {
    const { provider, cache } = this.#options;
    const identity = { ...voice, provider: this.#providerName, sampleRateHz: EPISODE_SAMPLE_RATE_HZ };
    const request = { ...voice, sampleRateHz: EPISODE_SAMPLE_RATE_HZ };
    for await (const { pcm } of cache.speak({ identity, make: (stop) => provider.speakSegment(request, stop) }, signal)) yield pcm;
  }

  /** What the simulator speaks is not what the vendor would. */
  get #providerName(): string {
    const { name, simulated } = this.#options.provider.info;
    return simulated ? `${name} (simulated)` : name;
  }

  #identity({ text, voiceId, settings, model }: Segment, episode: SpokenEpisode, context: SegmentContext): AudioIdentity {
    const { pronunciations } = episode;
    const common = this.#commonIdentity(model, episode);
    return { ...common, ...context, voiceId, text, settings, ...(pronunciations.length > 0 && { pronunciations }) };
  }

  #dialogueIdentity({ voiceId, settings, model }: Segment, episode: SpokenEpisode, text: string): AudioIdentity {
    const stability = settings?.stability;
    return {
      ...this.#commonIdentity(model, episode),
      lines: [{ voiceId, text }],
      ...(stability !== undefined && { settings: { stability } }),
    };
  }

  #commonIdentity(model: string, { language, seed }: SpokenEpisode) {
    return { provider: this.#providerName, model, language, seed, sampleRateHz: EPISODE_SAMPLE_RATE_HZ };
  }

  #plain(
    { text, voiceId, model, settings }: Segment,
    { language, seed, pronunciations }: SpokenEpisode,
    context: SegmentContext,
    onNotice: (notice: NarrationNotice) => void,
    signal: AbortSignal,
  ): AsyncIterable<SpeechChunk> {
    const request = {
      ...{ text, voiceId, model, seed, pronunciations, onNotice, sampleRateHz: EPISODE_SAMPLE_RATE_HZ },
      ...context,
      ...(settings && { settings }),
      ...(language !== undefined && { language }),
    };
    return this.#options.provider.speakSegment(request, signal);
  }

  #dialogue(
    { voiceId, model, settings }: Segment,
    { language, seed }: SpokenEpisode,
    text: string,
    onNotice: (notice: NarrationNotice) => void,
    signal: AbortSignal,
  ): AsyncIterable<SpeechChunk> {
    const request = {
      ...{ lines: [{ voiceId, text }], model, seed, onNotice, sampleRateHz: EPISODE_SAMPLE_RATE_HZ },
      ...(settings?.stability !== undefined && { stability: settings.stability }),
      ...(language !== undefined && { language }),
    };
    return this.#options.provider.speakDialogue(request, signal);
  }
}

function joinedTimes(chunks: readonly SpeechChunk[]): CharacterTimes | undefined {
  const parts = chunks.flatMap(({ alignment }) => alignment ?? []);
  if (parts.length === 0) return undefined;
  return {
    chars: parts.flatMap(({ chars }) => chars),
    startMs: parts.flatMap(({ startMs }) => startMs),
    durationMs: parts.flatMap(({ durationMs }) => durationMs),
  };
}

/** Dialogue has no dictionary at the vendor, so the words are spelled as they are spoken. Those in IPA were refused when it was planned. */
function withPronunciations(text: string, pronunciations: readonly EpisodePronunciation[]): SpokenText {
  const spelled = pronunciations.filter(({ alphabet }) => alphabet === 'spelling').map(toPronunciation);
  const applied = applyPronunciations(text, spelled, false);
  return applied.isRefused ? { text, original: text, stretches: [] } : applied.spoken;
}
