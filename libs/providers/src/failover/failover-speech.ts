import { isRetryableCode, ProviderError } from '../ports/provider-error';
import type { SpeechChunk, TextToSpeech, TtsSession } from '../ports/text-to-speech';
import type { TextLog } from '../shared/text-log';
import { Attempt } from './attempt';
import type { AttemptPlan } from './attempt-plan';
import { pause } from '../shared/pause';
import type { SessionPool } from './session-pool';
import { type SpeechPosition, VoicedText } from '../voicing/voiced-text';

export interface FailoverSpeechParts {
  plan: AttemptPlan<TextToSpeech>;
  /** The text to speak, which must not be empty. */
  log: TextLog;
  sampleRateHz: number;
  sessions: SessionPool<TextToSpeech, TtsSession>;
}

/** A wait of this many milliseconds or more for the text is not counted against the voice. */
const SLOW_TEXT_MS = 20;

type TextPosition = Omit<SpeechPosition, 'isLossy'>;

/**
 * One `speak` call. It makes one try after the other, each from the point where the previous one stopped, and yields a single stream of
 * audio.
 */
export class FailoverSpeech {
  #from: TextPosition = { sentence: 0, offset: 0 };
  /** Length in milliseconds of the audio of all earlier tries. */
  #audioMs = 0;

  constructor(
    private readonly parts: FailoverSpeechParts,
    private readonly stop: AbortSignal,
  ) {}

  async *speak(): AsyncGenerator<SpeechChunk, void> {
    const { plan } = this.parts;
    plan.restartClock();
    while (!this.stop.aborted) {
      const voiced = new VoicedText();
      try {
        yield* this.#try(voiced);
        if (!this.stop.aborted) plan.succeeded();
        return;
      } catch (error) {
        if (this.stop.aborted) return;
        if (!(error instanceof ProviderError)) throw error;
        if (await this.#isSaid(voiced, error)) return;
        // Adapters forbid a retry after audio was heard, because it would repeat that audio. Here nothing is repeated, so a retry is
        // allowed.
        const waitMs = plan.failed(error, error.retryable || (voiced.audioMs > 0 && isRetryableCode(error.code)));
        if (waitMs === undefined) throw plan.failure ?? error;
        await pause(waitMs, this.stop);
      }
    }
  }

  async *#try(voiced: VoicedText): AsyncGenerator<SpeechChunk, void> {
    const { plan, sampleRateHz, sessions } = this.parts;
    const { port } = plan.current;
    const attempt = new Attempt(port.info.name, this.stop);
    const { session, release } = sessions.borrow(plan.current);
    const text = new TryText(this.parts, this.#from, voiced, () => attempt.armOnce(plan.allowanceMs));
    try {
      for await (const chunk of session.speak(text.sentences(), attempt.signal)) {
        // The time that a slow consumer takes does not count as silence of the vendor.
        attempt.disarm();
        voiced.voiced(chunk, (chunk.pcm.length * 1000) / sampleRateHz);
        yield shifted(chunk, this.#audioMs);
        if (this.stop.aborted) return;
        plan.restartClock();
        // No audio is expected while the next sentence is late.
        if (text.isDone || voiced.isDue) attempt.armOnce(plan.allowanceMs);
      }
    } catch (error) {
      throw attempt.timedOut ?? error;
    } finally {
      attempt.release();
      release();
    }
    if (attempt.timedOut) throw attempt.timedOut;
    if (!this.stop.aborted && voiced.audioMs === 0)
      throw new ProviderError(port.info.name, 'bad_response', `${port.info.name} gave no audio`);
  }

  /**
   * Moves the start of the next try to the end of the voiced text. Returns true if all text was voiced, so that only the end of the stream
   * was lost.
   */
  async #isSaid(voiced: VoicedText, error: ProviderError): Promise<boolean> {
    const { log, plan } = this.parts;
    const { sentence, offset, isLossy } = voiced.position;
    // The first sentence of a try may be only the rest of a sentence.
    this.#from = { sentence: this.#from.sentence + sentence, offset: sentence === 0 ? this.#from.offset + offset : offset };
    this.#audioMs += voiced.audioMs;
    const askedAtMs = performance.now();
    const hasMore = await log.hasSentence(this.#from.sentence);
    if (performance.now() - askedAtMs > SLOW_TEXT_MS) plan.restartClock();
    if (!hasMore && isLossy && !this.stop.aborted) throw plan.failure ?? error;
    return !hasMore;
  }
}

/** Hands out the sentences from the start of a try, and records them. */
class TryText {
  #isDone = false;

  constructor(
    private readonly parts: Pick<FailoverSpeechParts, 'log' | 'plan'>,
    private readonly from: TextPosition,
    private readonly voiced: VoicedText,
    private readonly onExpected: () => void,
  ) {}

  /** True once all of the text was handed out. */
  get isDone(): boolean {
    return this.#isDone;
  }

  async *sentences(): AsyncGenerator<string, void> {
    let { offset } = this.from;
    let isFirst = true;
    for await (const sentence of this.parts.log.read(this.from.sentence)) {
      const text = sentence.slice(offset);
      offset = 0;
      this.voiced.given(text);
      // The time spent waiting for the text does not count against the voice.
      if (!isFirst) this.parts.plan.restartClock();
      isFirst = false;
      this.onExpected();
      yield text;
    }
    this.#isDone = true;
    this.onExpected();
  }
}

/** Returns the chunk with its times relative to the start of the whole call. */
function shifted(chunk: SpeechChunk, byMs: number): SpeechChunk {
  const { alignment } = chunk;
  if (!alignment || byMs === 0) return chunk;
  return { ...chunk, alignment: { ...alignment, startMs: alignment.startMs.map((ms) => ms + byMs) } };
}
