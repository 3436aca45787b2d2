import type { AgentCounters, Tally } from '../../counters';
import type { ElevenLabsFault } from '../../faults/fault';
import type { FaultScope } from '../../faults/fault-scope';
import { RECOGNISER_RATE_HZ, type PcmDecoder } from '../../hearing/pcm-decoder';
import { SpeechSegmenter } from '../../hearing/speech-segmenter';
import { Utterance } from '../../hearing/utterance';
import { writtenStyle } from '../../hearing/written-style';
import type { DrawDelay } from '../../latency';
import type { Recogniser } from '../../speech/ports';
import { decoderFor, type AgentAudioFormat } from './agent-audio-format';

/** Something the user says: its event id, and the fault scope that all frames about it are sent through. */
export interface UserTurn {
  eventId: number;
  scope: FaultScope<ElevenLabsFault>;
}

/** What the recogniser reports. */
export interface AgentRecogniserHandlers {
  /** The user begins to speak. */
  onSpeech(): UserTurn;
  onTentative(turn: UserTurn, text: string): void;
  /** The final transcript, capitalised and punctuated; empty when nothing was recognised. Called in the order of the utterances. */
  onTranscript(turn: UserTurn, text: string): void;
  /** The probability (0..1) that the audio is speech; called every 100 ms of audio. */
  onScore(score: number): void;
  /** Recognition failed. */
  onFailure(): void;
}

export interface AgentRecogniserOptions {
  /** Identifies the conversation, so that it gets the recogniser process it used before. */
  session: string;
  format: AgentAudioFormat;
  turnSilenceMs: number;
  recogniser: Recogniser;
  delay: DrawDelay;
  tally: Tally<AgentCounters>;
  /** Aborted when the conversation ends. */
  signal: AbortSignal;
}

const MIN_SPEECH_MS = 120;
const PREFIX_MS = 300;
const TENTATIVE_EVERY_MS = 300;
const SCORE_EVERY_MS = 100;

/** Detects and recognises speech in a conversation's audio. Stops when `signal` is aborted; `close` releases the recogniser. */
export class AgentRecogniser {
  readonly #decoder: PcmDecoder;
  readonly #segmenter: SpeechSegmenter;
  #utterance: Utterance<ElevenLabsFault> | undefined;
  #audioMs = 0;
  #scoreAtMs = SCORE_EVERY_MS;
  #heard: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: AgentRecogniserOptions,
    private readonly handlers: AgentRecogniserHandlers,
  ) {
    this.#decoder = decoderFor(options.format);
    const settings = { minSpeechMs: MIN_SPEECH_MS, silenceMs: options.turnSilenceMs, threshold: 0.3 };
    this.#segmenter = new SpeechSegmenter(settings, PREFIX_MS, {
      onStart: (startMs) => this.#begin(startMs),
      onAudio: (pcm) => this.#onAudio(pcm),
      onEnd: () => this.#finish(),
    });
  }

  /** True while the user speaks, and until the silence that ends the turn is over. */
  get isListening(): boolean {
    return this.#utterance !== undefined;
  }

  /** Takes audio in the client's format; the bytes may be split anywhere, even within a sample. */
  pushAudio(bytes: Buffer): void {
    const pcm = this.#decoder.decode(bytes);
    const durationMs = (pcm.length * 1000) / RECOGNISER_RATE_HZ;
    this.#audioMs += durationMs;
    this.options.tally.audioInMs += durationMs;
    this.#segmenter.push(pcm);
    for (; this.#scoreAtMs <= this.#audioMs; this.#scoreAtMs += SCORE_EVERY_MS) {
      this.handlers.onScore(this.#segmenter.speaking ? 0.93 : 0.04);
    }
  }

  close(): void {
    this.#utterance?.cancel();
    this.#utterance = undefined;
  }

  #begin(startMs: number): void {
    const { eventId, scope } = this.handlers.onSpeech();
    const stream = this.options.recogniser.open(this.options.session);
    this.#utterance = new Utterance(eventId, startMs, scope, stream, TENTATIVE_EVERY_MS);
    this.options.tally.utterances += 1;
  }

  #onAudio(pcm: Int16Array): void {
    const text = this.#utterance?.push(pcm);
    if (this.#utterance && text !== undefined) this.handlers.onTentative(turnOf(this.#utterance), text);
  }

  #finish(): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    this.#utterance = undefined;
    const recognised = utterance.finish(this.options.delay('sttFinalMs'), this.options.signal);
    this.#heard = Promise.all([recognised, this.#heard]).then(
      ([recognition]) => {
        if (recognition) this.handlers.onTranscript(turnOf(utterance), writtenStyle(recognition.text));
      },
      () => this.handlers.onFailure(),
    );
  }
}

function turnOf({ index, scope }: Utterance<ElevenLabsFault>): UserTurn {
  return { eventId: index, scope };
}
