import { type ConversationOptions, OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import type { SpeechChunk, TextToSpeech, TtsSession, UsageMeter } from '@parley/providers';

/** The voice of one conversation. */
export class TtsStream {
  private session: TtsSession | undefined;

  constructor(
    private readonly options: ConversationOptions,
    private readonly textToSpeech: TextToSpeech,
    /** Counts the characters of this conversation. */
    private readonly meter?: UsageMeter,
  ) {}

  /** Connects to the provider in the background. Aborting `signal` releases everything. */
  open(signal: AbortSignal): void {
    const { language, voiceId } = this.options;
    const { meter } = this;
    const chosen = { ...(language !== undefined && { language }), ...(voiceId !== undefined && { voiceId }) };
    this.session = this.textToSpeech.open({ sampleRateHz: OUTPUT_SAMPLE_RATE_HZ, ...chosen, ...(meter && { meter }) }, signal);
  }

  /** Speaks sentences as they arrive. Only after `open`. */
  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk> {
    const { session } = this;
    if (session === undefined) throw new Error('speech synthesis is not open');
    return session.speak(text, signal);
  }
}
