import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import {
  type Connection,
  type Conversation,
  type EngineDescription,
  type EngineFactory,
  LlmStream,
  OUTPUT_SAMPLE_RATE_HZ,
  PipelineConversation,
  type PipelinePorts,
  SttStream,
  type VoiceDetector,
} from '@parley/engine';
import { FakeProviders, type FakeProviderOptions } from '@parley/engine/testing';
import { levelOf } from '../audio/level';

export interface ToneEngineOptions extends FakeProviderOptions {
  turns?: Partial<TurnPolicy>;
  /** How long the tone of each reply is, in ms. Default: two seconds. */
  replyMs?: number;
}

const WINDOW_SAMPLES = 512;
/** Between the noise of a quiet room and speech. */
const SPEECH_LEVEL = 200;

/** Tells a voice from silence by its loudness. */
class LoudnessDetector implements VoiceDetector {
  private readonly window = new Int16Array(WINDOW_SAMPLES);
  private filled = 0;
  private samples = 0;

  push(frame: Int16Array, onWindow: Parameters<VoiceDetector['push']>[1]): void {
    for (const sample of frame) {
      this.window[this.filled++] = sample;
      this.samples += 1;
      if (this.filled < WINDOW_SAMPLES) continue;
      this.filled = 0;
      onWindow({ endMs: this.samples / 16, activity: levelOf(this.window) > SPEECH_LEVEL ? 'speech' : 'silence' });
    }
  }

  setAssistantSpeaking(): void {
    // The people of the tests have no loudspeakers.
  }
}

/** The pitch of the nth reply (from 0), in Hz: no two replies that follow one another sound alike. */
export const pitchOf = (reply: number): number => 500 + 400 * (reply % 4);

/**
 * An engine that speaks tones, of another pitch for each reply, so that a listener can tell which one is heard. The other stages are fakes. It
 * notes what it is asked for.
 */
export class ToneEngine implements EngineFactory {
  readonly conversations: PipelineConversation[] = [];
  readonly fakes: FakeProviders;
  /** The audio that conversations were given, in samples. */
  heardSamples = 0;
  private replies = 0;

  constructor(private readonly options: ToneEngineOptions = {}) {
    this.fakes = new FakeProviders(options);
  }

  describe(): EngineDescription {
    return { providers: {}, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 };
  }

  open(connection: Connection): Promise<Conversation> {
    const { stt, llm } = this.fakes;
    const detector = new LoudnessDetector();
    const conversation = new PipelineConversation(connection, {
      policy: { ...DEFAULT_TURN_POLICY, memoryOnInterruption: 'heard', ...this.options.turns },
      stt: new SttStream(connection.options, stt),
      llm: new LlmStream(llm, { maxTokens: 100 }),
      tts: { open: () => undefined, speak: (text, signal) => this.speak(text, signal) },
      detector: {
        push: (frame, onWindow) => {
          this.heardSamples += frame.length;
          detector.push(frame, onWindow);
        },
        setAssistantSpeaking: () => undefined,
      },
    });
    this.conversations.push(conversation);
    conversation.start();
    return Promise.resolve(conversation);
  }

  /** The words that the model was last asked to answer. */
  get lastQuestion(): string | undefined {
    return this.fakes.llm.replies.at(-1)?.request.messages.at(-1)?.content;
  }

  private async *speak(...[text, signal]: Parameters<NonNullable<PipelinePorts['tts']>['speak']>) {
    const pitchHz = pitchOf(this.replies++);
    let isFirst = true;
    for await (const sentence of text) {
      if (signal.aborted) return;
      if (!isFirst || sentence === '') continue;
      isFirst = false;
      yield { pcm: tone(pitchHz, this.options.replyMs ?? 2_000) };
    }
  }
}

function tone(pitchHz: number, durationMs: number): Int16Array {
  const samples = new Int16Array((OUTPUT_SAMPLE_RATE_HZ * durationMs) / 1_000);
  return samples.map((_, index) => Math.round(8_000 * Math.sin((2 * Math.PI * pitchHz * index) / OUTPUT_SAMPLE_RATE_HZ)));
}

/** How much of a frame (24 kHz) is a tone of this pitch: 0 to 1. */
export function toneShare(pcm: Int16Array, pitchHz: number): number {
  let real = 0;
  let imaginary = 0;
  let energy = 0;
  pcm.forEach((sample, index) => {
    const angle = (2 * Math.PI * pitchHz * index) / OUTPUT_SAMPLE_RATE_HZ;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
    energy += sample * sample;
  });
  return energy === 0 ? 0 : (2 * (real ** 2 + imaginary ** 2)) / (pcm.length * energy);
}
