import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Once } from '@parley/providers';
import {
  LATENCY_PROFILES,
  probeSpeech,
  RecogniserPool,
  type Simulator,
  SKILL_GRAMMAR,
  type SpeechAvailability,
  speechChildPaths,
  startSimulator,
  SynthesiserPool,
} from '@parley/simulator';
import { RUNTIME_PATHS, type RuntimePaths } from '../config/runtime-paths';
import { SETTINGS, type Settings } from '../config/settings';

/** The built-in simulator has no account, so it needs no account limits. */
const UNLIMITED = { sarvamSockets: Infinity, openAiRequestsPerMinute: Infinity, elevenLabsConcurrency: Infinity };

/** The simulated vendors of a server without keys, and which parts of simulated speech work on this machine. */
export interface RunningSimulator {
  urls: Simulator['urls'];
  speech: SpeechAvailability;
}

/** Starts the simulated vendors inside this server when a stage needs one, and stops them with it. */
@Injectable()
export class EmbeddedSimulator implements OnApplicationShutdown {
  private readonly logger = new Logger(EmbeddedSimulator.name);
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly starting = new Once(() => this.startOnce());
  private started: RunningSimulator | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'simulator'>,
    @Inject(RUNTIME_PATHS) private readonly paths: RuntimePaths,
  ) {}

  /** The simulator; undefined until it has been started. */
  get running(): RunningSimulator | undefined {
    return this.started;
  }

  /** Starts the simulator unless it is already running. Rejects when it cannot be started; the next caller tries again. */
  start(): Promise<RunningSimulator> {
    return this.starting.get();
  }

  private async startOnce(): Promise<RunningSimulator> {
    const children = speechChildPaths(this.paths.speechChildren);
    const speech = await probeSpeech(children);
    const { recognisers: size, latency, jitter, seed, withheldWords } = this.settings.simulator;
    const recogniser = new RecogniserPool({ childPath: children.recogniser, domain: SKILL_GRAMMAR, ...(size !== undefined && { size }) });
    const synthesiser = new SynthesiserPool({ childPath: children.synthesiser });
    this.stops.push(
      () => recogniser.close(),
      () => synthesiser.close(),
    );
    await Promise.all([recogniser.ready, synthesiser.ready].map((ready) => ready.catch(() => undefined)));

    const simulator = await startSimulator({
      recogniser,
      synthesiser,
      seed,
      latency: { ...LATENCY_PROFILES[latency], jitter },
      withheldWords,
      limits: UNLIMITED,
    });
    this.stops.unshift(() => simulator.close());
    this.logger.log({ message: 'the built-in simulator runs, for stages without a key and as a fallback', latency });
    this.started = { urls: simulator.urls, speech };
    return this.started;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }
}
