import type { LoggerService } from '@nestjs/common';
import { ElevenLabsTextToSpeech, OpenAiLanguageModel, SarvamSpeechToText } from '@parley/providers';
import {
  type FaultRule,
  type InjectedFault,
  ScriptedRecogniser,
  type Simulator,
  startSimulator,
  type Synthesiser,
  type Vendor,
} from '@parley/simulator';
import { eventually } from '@parley/testing';
import { SessionFactory, type SessionResources } from '@parley/server';
import { testSettings } from '@parley/server/testing';
import { stageProvidersOf } from '@parley/engine/testing';
import { TestServer } from '../test-server';
import { type VendorApi, vendorOf } from './chaos-case';

/** The transcript of everything that users say. */
export const HEARD = 'tell me something nice please';
/** The answer to everything. No word is followed by itself, so that a repetition can be detected. */
export const ANSWER = 'Seven plus five is twelve, as far as anybody knows. Shall we add some more?';

/** Slow enough to inject a fault in every state, and fast enough for hundreds of turns. */
const LATENCY = { sttFinalMs: 40, llmFirstTokenMs: 40, llmTokenGapMs: 10, ttsFirstChunkMs: 30, jitter: 0.3 };
const SPEECH_SPEED = 50;
const UNLIMITED = { sarvamSockets: Infinity, openAiRequestsPerMinute: Infinity, elevenLabsConcurrency: Infinity };
/** The timeouts of the stage that has faults: shorter than in production, but longer than the delays of a busy machine. */
const SHORT_MS = 800;
/** The timeouts of the other stages, which must not expire. */
const LONG_MS = 5_000;
/** Longer than all of them together, including the retry and the fallback to HTTP. */
const STALL_TIMEOUT_MS = 12_000;
const DRAFT_AFTER_SILENCE_MS = 200;

export interface ChaosServerOptions {
  readonly seed: number;
  readonly logger: LoggerService;
  /** All servers may share one. */
  readonly synthesiser: Synthesiser;
}

/** A whole server with its own simulated vendors, so that their faults affect only this server. Whoever starts it must close it. */
export class ChaosServer {
  private constructor(
    readonly api: VendorApi,
    readonly simulator: Simulator,
    private readonly server: TestServer,
  ) {}

  static async start(api: VendorApi, { seed, logger, synthesiser }: ChaosServerOptions): Promise<ChaosServer> {
    const recogniser = new ScriptedRecogniser({ otherwise: HEARD });
    const simulator = await startSimulator({
      recogniser,
      synthesiser,
      replies: { reply: () => [ANSWER] },
      latency: LATENCY,
      limits: { ...UNLIMITED, elevenLabsSpeed: SPEECH_SPEED },
      seed,
    });
    const settings = testSettings({}, { draftAfterSilenceMs: DRAFT_AFTER_SILENCE_MS, stallTimeoutMs: STALL_TIMEOUT_MS });
    const server = await TestServer.start(providersAt(simulator, api), logger, settings);
    const started = new ChaosServer(api, simulator, server);
    await eventually(() => started.isVoiceAsked, 'the voice to be asked for the fallback sentences');
    await started.allReleased();
    return started;
  }

  get url(): string {
    return this.server.origin;
  }

  /** The resources that the conversations of the server hold. */
  get resources(): SessionResources {
    return this.server.app.get(SessionFactory, { strict: false }).resources();
  }

  /** How many utterances, replies or speeches the vendor of the API has been asked for so far. */
  get requests(): number {
    const { sarvam, openai, elevenLabs } = this.simulator.counters;
    switch (this.api) {
      case 'sarvam':
      case 'sarvam/legacy':
        return sarvam.utterances;
      case 'openai':
        return openai.byEndpoint['chat'] ?? 0;
      case 'elevenlabs':
        return elevenLabs.contextsOpened;
      case 'elevenlabs/http':
        return elevenLabs.byEndpoint['speech-stream'] ?? 0;
    }
  }

  /** Injects the fault into whatever the vendor is doing, or does next. */
  inject(rule: FaultRule): InjectedFault {
    return this.simulator.faults.injectNow(rule);
  }

  /** Resolves when the sockets that a conversation opens in advance are open. */
  async connected(): Promise<void> {
    const sockets = this.api === 'elevenlabs/http' ? '1 0' : '1 1';
    await eventually(() => this.sockets.join(' ') === sockets, 'the sockets of a conversation');
  }

  /** Resolves when the server has released everything of all conversations and no vendor has a connection. */
  async allReleased(): Promise<void> {
    const { openai, elevenLabs } = this.simulator.counters;
    const open = (): number[] => [...Object.values(this.resources), ...this.sockets, openai.requestsOpen, elevenLabs.requestsOpen];
    await eventually(() => open().every((count) => count === 0), 'everything to be released').catch((error: unknown) => {
      throw new Error(`sessions, streams, timers, sockets (stt, tts), requests (llm, tts): ${open().join(' ')}`, {
        cause: error,
      });
    });
  }

  private get isVoiceAsked(): boolean {
    const { socketsOpened, requests } = this.simulator.counters.elevenLabs;
    return socketsOpened + requests > 0;
  }

  /**
   * The number of open sockets of the recogniser and of the voice. Frozen ones are left out, because they do not notice that they were
   * closed.
   */
  private get sockets(): number[] {
    const { sarvam, elevenLabs } = this.simulator.counters;
    return [sarvam.socketsOpen - sarvam.socketsFrozen, elevenLabs.socketsOpen - elevenLabs.socketsFrozen];
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.simulator.close();
  }
}

function providersAt({ urls }: Simulator, api: VendorApi): ReturnType<typeof stageProvidersOf> {
  const shared = { simulated: true, random: () => 0.5 };
  const timeoutMs = (vendor: Vendor): number => (vendor === vendorOf(api) ? SHORT_MS : LONG_MS);
  return stageProvidersOf({
    stt: new SarvamSpeechToText({
      ...shared,
      apiKey: api === 'sarvam/legacy' ? 'beta-denied' : 'good',
      baseUrl: urls.sarvam,
      handshakeTimeoutMs: timeoutMs('sarvam'),
      finalTimeoutMs: timeoutMs('sarvam'),
    }),
    llm: new OpenAiLanguageModel({
      ...shared,
      apiKey: 'good',
      baseURL: urls.openai,
      models: ['gpt-4o'],
      firstTokenTimeoutMs: timeoutMs('openai'),
      idleTimeoutMs: timeoutMs('openai'),
    }),
    tts: new ElevenLabsTextToSpeech({
      ...shared,
      apiKey: 'good',
      baseUrl: urls.elevenLabs,
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      modelId: api === 'elevenlabs/http' ? 'eleven_v3' : 'eleven_flash_v2_5',
      handshakeTimeoutMs: timeoutMs('elevenlabs'),
      firstAudioTimeoutMs: timeoutMs('elevenlabs'),
      gapTimeoutMs: timeoutMs('elevenlabs'),
    }),
  });
}
