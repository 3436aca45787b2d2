import { IdleTimer } from '../server/idle-timer';
import { parseObject, type JsonObject } from '../server/json';
import type { SocketLink, SocketSession } from '../server/socket-link';
import type { SarvamFault } from '../faults/fault';
import { PcmDecoder, RECOGNISER_RATE_HZ } from '../hearing/pcm-decoder';
import { SpeechSegmenter } from '../hearing/speech-segmenter';
import { Utterance } from '../hearing/utterance';
import { writtenStyle } from '../hearing/written-style';
import type { Recognition } from '../speech/ports';
import { HEARD_LANGUAGE, LANGUAGE_CONFIDENCE } from './languages';
import { parseConfigUpdate, type RealtimeConfig } from './realtime-config';
import { realtimeFailure } from './sarvam-errors';
import type { SarvamSessionDeps } from './session-deps';

const LARGEST_AUDIO_MESSAGE = 1_048_576;

/** One connection to `/speech-to-text-realtime/ws`. */
export class RealtimeSession implements SocketSession {
  readonly #decoder: PcmDecoder;
  readonly #segmenter: SpeechSegmenter;
  readonly #idle: IdleTimer;
  readonly #openedAtMs = performance.now();
  #config: RealtimeConfig;
  #gated: Partial<RealtimeConfig> = {};
  #utterance: Utterance<SarvamFault> | undefined;
  /** In manual mode, between `speech_start` and `speech_end`. */
  #listening = false;
  #nextIndex = 0;
  #audioMs = 0;
  #finals: Promise<void> = Promise.resolve();
  #ending = false;

  constructor(
    private readonly link: SocketLink<SarvamFault>,
    config: RealtimeConfig,
    private readonly deps: SarvamSessionDeps,
  ) {
    this.#config = config;
    this.#decoder = new PcmDecoder(config.encoding, config.sample_rate);
    this.#segmenter = new SpeechSegmenter(detectorSettings(config), config.prefix_padding_ms, {
      onStart: (startMs) => {
        const { scope, index } = this.#begin(startMs);
        scope.send(frame('vad.speech_start', index, { confidence: 0.91 }));
      },
      onAudio: (pcm) => this.#hear(pcm),
      onEnd: () => this.#finish(true),
    });
    this.#idle = new IdleTimer(deps.idleMs, () => this.#end(1008, 'Connection closed due to inactivity.'));
    link.send({ event: 'session.begin', request_id: deps.requestId, config });
  }

  onBinary(): void {
    this.#refuse('invalid_request_error', 'Messages must be JSON text.');
  }

  onGone(): void {
    this.#idle.stop();
    this.#utterance?.cancel();
  }

  onText(text: string): void {
    if (this.#ending) return;
    this.#idle.restart();
    const message = parseObject(text);
    switch (message?.['event']) {
      case 'audio_input':
        return this.#onAudio(message);
      case 'speech_start':
        return this.#onSpeechStart();
      case 'speech_end':
        return this.#onSpeechEnd();
      case 'flush':
        return this.#finish(false);
      case 'config.update':
        return this.#onConfigUpdate(message);
      case 'ping':
        return this.link.send({ event: 'pong' });
      case 'end':
        return void this.#onEnd();
      default:
        return this.#refuse('invalid_request_error', 'Unknown or malformed message.');
    }
  }

  #onAudio(message: JsonObject): void {
    const audio = message['audio'];
    if (typeof audio !== 'string') return this.#refuse('invalid_request_error', 'audio must be a base64 string.');
    if (audio.length > LARGEST_AUDIO_MESSAGE) {
      return this.link.fail(realtimeFailure(4000, 'payload_too_large', 'The audio message is too large.', 413));
    }
    const pcm = this.#decoder.decode(Buffer.from(audio, 'base64'));
    const durationMs = (pcm.length * 1000) / RECOGNISER_RATE_HZ;
    this.deps.tally.audioMs += durationMs;
    if (this.#config.turn_detection === 'vad') this.#segmenter.push(pcm);
    // In manual mode audio outside speech_start and speech_end is lost, as users of the live service found.
    else if (this.#listening) this.#hear(pcm);
    this.#audioMs += durationMs;
  }

  #onSpeechStart(): void {
    if (this.#config.turn_detection !== 'manual') return this.#refuse('invalid_request_error', 'speech_start is for manual endpointing.');
    if (this.#listening) return;
    this.#listening = true;
    const { scope, index } = this.#begin(this.#audioMs);
    if (scope.is('leak-vad')) scope.send(frame('vad.speech_start', index, { confidence: 0.91 }));
  }

  #onSpeechEnd(): void {
    if (this.#config.turn_detection !== 'manual') return this.#refuse('invalid_request_error', 'speech_end is for manual endpointing.');
    this.#listening = false;
    this.#finish(this.#utterance?.scope.is('leak-vad') ?? false);
  }

  #onConfigUpdate(message: JsonObject): void {
    const update = parseConfigUpdate(message, { ...this.#config, ...this.#gated });
    if (typeof update === 'string') return this.#refuse('invalid_config', update);
    Object.assign(this.#gated, update.gated);
    this.#config = { ...this.#config, ...update.immediate };
    if (!this.#utterance) this.#passBoundary();
    this.#segmenter.settings = detectorSettings(this.#config);
    this.link.send({ event: 'config.updated', applied: update.applied });
  }

  async #onEnd(): Promise<void> {
    this.#ending = true;
    this.#idle.stop();
    this.#finish(false);
    await this.#finals;
    this.#end(1000, '');
  }

  #end(code: number, reason: string): void {
    this.#ending = true;
    this.link.send({
      event: 'session.end',
      request_id: this.deps.requestId,
      total_duration_s: seconds(performance.now() - this.#openedAtMs),
      total_utterances: this.#nextIndex,
      audio_duration_s: seconds(this.#audioMs),
    });
    this.link.close(code, reason);
  }

  #begin(startMs: number): Utterance<SarvamFault> {
    const { deps, link } = this;
    const scope = link.scope(deps.drawFault());
    const everyMs = this.#config.stream_type === 'simulated' ? Infinity : this.#config.stream_type === 'fast' ? 250 : 400;
    const utterance = new Utterance(this.#nextIndex, startMs, scope, deps.recogniser.open(deps.requestId), everyMs, deps.withheldWords);
    this.#nextIndex += 1;
    this.#utterance = utterance;
    deps.tally.utterances += 1;
    scope.begin();
    return utterance;
  }

  #hear(pcm: Int16Array): void {
    // After a flush within an utterance, the next audio begins a new one.
    const utterance = this.#utterance ?? this.#begin(this.#audioMs);
    const text = utterance.push(pcm);
    if (text === undefined) return;
    this.deps.tally.partials += 1;
    utterance.scope.send(frame('transcript.partial', utterance.index, { text, ...this.#language(this.#config, false) }));
  }

  #finish(announce: boolean): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    const config = this.#config;
    const { scope } = utterance;
    this.#utterance = undefined;
    this.#segmenter.cut();
    this.#passBoundary();
    const speechEnd = frame('vad.speech_end', utterance.index, { confidence: 0.88 });
    const endLast = announce && scope.is('final-first');
    if (announce && !endLast) scope.send(speechEnd);
    const recognised = utterance.finish(this.deps.delay('sttFinalMs'), this.link.gone);
    // Finals are sent in the order of their utterances.
    this.#finals = Promise.all([recognised, this.#finals]).then(
      ([recognition]) => {
        if (!recognition) return;
        this.#sendFinal(utterance, recognition, config);
        if (endLast) scope.send(speechEnd);
        scope.end();
      },
      () => this.link.fail(realtimeFailure(1011, 'internal_server_error', 'Transcription failed.', 500)),
    );
  }

  #sendFinal({ index, scope, startMs, lastPartial }: Utterance<SarvamFault>, recognition: Recognition, config: RealtimeConfig): void {
    if (scope.is('missing-final')) return;
    const text = scope.is('empty-transcript') ? '' : writtenStyle(recognition.text);
    const words = recognition.words;
    const times = config.return_timestamps
      ? { start_s: seconds(startMs + (words.at(0)?.startMs ?? 0)), end_s: seconds(startMs + (words.at(-1)?.endMs ?? 0)) }
      : {};
    const rest = { ...this.#language(config, true), ...times };
    const middle = text.indexOf(' ', text.length / 2);
    const parts = scope.is('split-final') && middle > 0 ? [text.slice(0, middle), text.slice(middle + 1)] : [text];
    if (scope.is('duplicate-final')) parts.push(text);
    for (const [i, part] of parts.entries()) {
      this.deps.tally.finals += 1;
      // The second half of a turn that the server cut is an utterance of its own.
      const partIndex = i > 0 && scope.is('split-final') ? this.#nextIndex++ : index;
      scope.send(frame('transcript.final', partIndex, { text: part, ...rest }));
    }
    if (scope.is('stale-partial')) scope.send(frame('transcript.partial', index, { text: lastPartial, ...this.#language(config, false) }));
  }

  #language(config: RealtimeConfig, withConfidence: boolean): object {
    if (config.language_code !== 'auto') return {};
    return { language: HEARD_LANGUAGE, ...(withConfidence ? { language_confidence: LANGUAGE_CONFIDENCE } : {}) };
  }

  #passBoundary(): void {
    this.#config = { ...this.#config, ...this.#gated };
    this.#gated = {};
  }

  #refuse(code: string, message: string): void {
    this.link.send({ event: 'error', code, is_fatal: false, message });
  }
}

function frame(event: string, utteranceIndex: number, fields: object): string {
  return JSON.stringify({ event, utterance_idx: utteranceIndex, ...fields });
}

function detectorSettings(config: RealtimeConfig): { minSpeechMs: number; silenceMs: number; threshold: number } {
  return { minSpeechMs: config.min_speech_duration_ms, silenceMs: config.silence_duration_ms, threshold: config.threshold };
}

function seconds(durationMs: number): number {
  return Math.round(durationMs) / 1000;
}
