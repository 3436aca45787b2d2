import type { SarvamFault } from '../faults/fault';
import { PcmDecoder, RECOGNISER_RATE_HZ } from '../hearing/pcm-decoder';
import { SpeechSegmenter } from '../hearing/speech-segmenter';
import { Utterance } from '../hearing/utterance';
import { writtenStyle } from '../hearing/written-style';
import { IdleTimer } from '../server/idle-timer';
import { isObject, parseObject } from '../server/json';
import type { SocketLink, SocketSession } from '../server/socket-link';
import type { Recognition } from '../speech/ports';
import { HEARD_LANGUAGE, LANGUAGE_CONFIDENCE } from './languages';
import type { LegacyConfig } from './legacy-config';
import { legacyErrorFrame } from './sarvam-errors';
import type { SarvamSessionDeps } from './session-deps';
import { wavData } from './wav-chunk';

const MIN_SPEECH_MS = 100;
const PREFIX_MS = 300;

/** One connection to `/speech-to-text/ws`: one `data` frame per utterance and nothing in between. */
export class LegacySession implements SocketSession {
  readonly #decoder: PcmDecoder;
  readonly #segmenter: SpeechSegmenter;
  readonly #idle: IdleTimer;
  #utterance: Utterance<SarvamFault> | undefined;
  #utterances = 0;
  #audioMs = 0;
  #pending = 0;
  #finals: Promise<void> = Promise.resolve();

  constructor(
    private readonly link: SocketLink<SarvamFault>,
    private readonly config: LegacyConfig,
    private readonly deps: SarvamSessionDeps,
  ) {
    this.#decoder = new PcmDecoder('linear16', config.sampleRateHz);
    this.#segmenter = new SpeechSegmenter({ minSpeechMs: MIN_SPEECH_MS, silenceMs: config.silenceMs, threshold: 0.3 }, PREFIX_MS, {
      onStart: () => {
        const { scope } = this.#begin();
        if (config.vadSignals) scope.send(signal('START_SPEECH'));
      },
      onAudio: (pcm) => void this.#utterance?.push(pcm),
      onEnd: () => this.#finish(),
    });
    // The vendor ends an idle connection without a close frame.
    this.#idle = new IdleTimer(deps.idleMs, () => link.drop());
  }

  onBinary(): void {
    this.#refuse('Messages must be JSON text.');
  }

  onGone(): void {
    this.#idle.stop();
    this.#utterance?.cancel();
  }

  onText(text: string): void {
    this.#idle.restart();
    const message = parseObject(text);
    const audio = message?.['audio'];
    switch (message?.['type']) {
      case 'flush':
        if (this.config.flushSignal) this.#flush();
        return;
      case 'config':
        // Only a retired model used the prompt.
        return;
      case 'end_of_stream':
        this.#finish();
        void this.#finals.then(() => this.link.close(1000));
        return;
      case undefined:
        if (isObject(audio) && typeof audio['data'] === 'string') return this.#onAudio(Buffer.from(audio['data'], 'base64'));
    }
    this.#refuse('Unknown or malformed message.');
  }

  #onAudio(bytes: Buffer): void {
    const data = this.config.wavChunks ? wavData(bytes) : bytes;
    if (!data) return this.#refuse('The audio is not a WAV file; declare input_audio_codec for raw PCM.');
    const pcm = this.#decoder.decode(data);
    const durationMs = (pcm.length * 1000) / RECOGNISER_RATE_HZ;
    this.#audioMs += durationMs;
    this.deps.tally.audioMs += durationMs;
    this.#segmenter.push(pcm);
  }

  #flush(): void {
    if (this.#utterance) return this.#finish();
    // Nothing is buffered: an empty result, unless one is already on its way.
    if (this.#pending === 0) {
      this.#begin();
      this.#finish();
    }
  }

  #begin(): Utterance<SarvamFault> {
    const { deps } = this;
    const scope = this.link.scope(deps.drawFault());
    const utterance = new Utterance(this.#utterances, this.#audioMs, scope, deps.recogniser.open(deps.requestId), Infinity);
    this.#utterances += 1;
    this.#utterance = utterance;
    deps.tally.utterances += 1;
    scope.begin();
    return utterance;
  }

  #finish(): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    const { scope } = utterance;
    this.#utterance = undefined;
    this.#segmenter.cut();
    const announce = this.config.vadSignals && utterance.audioMs > 0;
    const endLast = scope.is('final-first');
    if (announce && !endLast) scope.send(signal('END_SPEECH'));
    const endedAtMs = performance.now();
    this.#pending += 1;
    const recognised = utterance.finish(this.deps.delay('sttFinalMs'), this.link.gone);
    this.#finals = Promise.all([recognised, this.#finals]).then(
      ([recognition]) => {
        this.#pending -= 1;
        if (!recognition) return;
        this.#sendFinal(utterance, recognition, performance.now() - endedAtMs);
        if (announce && endLast) scope.send(signal('END_SPEECH'));
        scope.end();
      },
      () => {
        this.#pending -= 1;
        this.link.fail({
          frame: legacyErrorFrame('internal_server_error', 'Transcription failed.'),
          code: 1011,
          reason: 'Transcription failed.',
        });
      },
    );
  }

  #sendFinal({ scope, audioMs }: Utterance<SarvamFault>, recognition: Recognition, latencyMs: number): void {
    if (scope.is('missing-final')) return;
    const text = scope.is('empty-transcript') ? '' : writtenStyle(recognition.text);
    const middle = text.indexOf(' ', text.length / 2);
    const parts = scope.is('split-final') && middle > 0 ? [text.slice(0, middle), text.slice(middle + 1)] : [text];
    if (scope.is('duplicate-final')) parts.push(text);
    const detected = this.config.language === 'unknown';
    for (const transcript of parts) {
      this.deps.tally.finals += 1;
      const data = {
        request_id: this.deps.requestId,
        transcript,
        timestamps: null,
        diarized_transcript: null,
        language_code: detected ? HEARD_LANGUAGE : this.config.language,
        language_probability: detected ? LANGUAGE_CONFIDENCE : null,
        metrics: { audio_duration: Math.round(audioMs) / 1000, processing_latency: Math.round(latencyMs) / 1000 },
      };
      scope.send(JSON.stringify({ type: 'data', data }));
    }
  }

  #refuse(message: string): void {
    this.link.send(legacyErrorFrame('invalid_request_error', message));
  }
}

function signal(type: 'START_SPEECH' | 'END_SPEECH'): string {
  const nowMs = Date.now();
  const data = { event_type: 'vad', timestamp: new Date(nowMs).toISOString(), signal_type: type, occured_at: nowMs / 1000 };
  return JSON.stringify({ type: 'events', data });
}
