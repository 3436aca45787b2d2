import { isRetryableCode, ProviderError } from '../ports/provider-error';
import type { SpeechChunk, TextToSpeech, TtsSession } from '../ports/text-to-speech';
import type { TextLog } from '../shared/text-log';
import { Attempt } from './attempt';
import type { AttemptPlan } from './attempt-plan';
import { pause } from './pause';
import type { SessionPool } from './session-pool';
import { type SpeechPosition, VoicedText } from '../voicing/voiced-text';

export interface FailoverSpeechParts {
  plan: AttemptPlan<TextToSpeech>;
  /** Has text. */
  log: TextLog;
  sampleRateHz: number;
  sessions: SessionPool<TextToSpeech, TtsSession>;
}

/** A wait for more text that is none of the voice's. */
const SLOW_TEXT_MS = 20;

type TextPosition = Omit<SpeechPosition, 'isLossy'>;

/** One `speak` call: try after try, each from where the one before it stopped, in one stream of audio. */
export class FailoverSpeech {
  #from: TextPosition = { sentence: 0, offset: 0 };
  /** Audio of the tries before the current one. */
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
        // An adapter forbids the repetition of what was heard; here nothing of it is repeated.
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
        // A consumer that takes its time is no stall of the vendor's.
        attempt.disarm();
        voiced.voiced(chunk, (chunk.pcm.length * 1000) / sampleRateHz);
        yield shifted(chunk, this.#audioMs);
        if (this.stop.aborted) return;
        plan.restartClock();
        // Between two sentences that are slow in coming no audio is due.
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

  /** Moves to behind what was voiced. True when that was all: what was lost is the end of the stream only. */
  async #isSaid(voiced: VoicedText, error: ProviderError): Promise<boolean> {
    const { log, plan } = this.parts;
    const { sentence, offset, isLossy } = voiced.position;
    // The first sentence of a try may be what was left of one.
    this.#from = { sentence: this.#from.sentence + sentence, offset: sentence === 0 ? this.#from.offset + offset : offset };
    this.#audioMs += voiced.audioMs;
    const askedAtMs = performance.now();
    const hasMore = await log.hasSentence(this.#from.sentence);
    if (performance.now() - askedAtMs > SLOW_TEXT_MS) plan.restartClock();
    if (!hasMore && isLossy && !this.stop.aborted) throw plan.failure ?? error;
    return !hasMore;
  }
}

/** The sentences from where a try begins, noted as they are handed out. */
class TryText {
  #isDone = false;

  constructor(
    private readonly parts: Pick<FailoverSpeechParts, 'log' | 'plan'>,
    private readonly from: TextPosition,
    private readonly voiced: VoicedText,
    private readonly onExpected: () => void,
  ) {}

  /** All of the text was handed out. */
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
      // The wait for the text was not the voice's.
      if (!isFirst) this.parts.plan.restartClock();
      isFirst = false;
      this.onExpected();
      yield text;
    }
    this.#isDone = true;
    this.onExpected();
  }
}

/** The chunk with its times counted from the start of the whole call. */
function shifted(chunk: SpeechChunk, byMs: number): SpeechChunk {
  const { alignment } = chunk;
  if (!alignment || byMs === 0) return chunk;
  return { ...chunk, alignment: { ...alignment, startMs: alignment.startMs.map((ms) => ms + byMs) } };
}
