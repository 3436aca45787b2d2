import { Inject, Injectable, Logger } from '@nestjs/common';
import { Narration, type NarrationChoices, type NarrationEvent, type NarrationOutput, SYSTEM_CLOCK } from '@parley/engine';
import { CHUNK_SCHEDULES } from '@parley/narration';
import { MAX_NARRATION_LENGTH, type NarrationErrorCode, type StartNarration } from '@parley/protocol';
import type { NarrationProvider, ProviderInfo } from '@parley/providers';
import type { StageProvider } from '../../providers/stage-providers';
import { engineLog } from '../../telemetry/engine-log';
import { NarrationMetrics } from '../../telemetry/narration-metrics';
import { LIVE_MODEL, NARRATION_DEFAULTS, type NarrationDefaults } from './narration-defaults';
import { NARRATION_PROVIDER } from './narration-provider.token';

/** What was agreed for a narration, and how it begins. */
export interface NarrationStart {
  voiceId: string;
  model: string;
  chunkSchedule: readonly number[];
  provider: ProviderInfo;
  /** Begins the narration. Called once. The caller ends it. */
  open(): Narration;
}

/** Why a narration was not begun. */
export interface NarrationRefusal {
  code: NarrationErrorCode;
  message: string;
}

/** Models that speak only whole texts. */
const NOT_LIVE = /^eleven_v[34]/;

/** Begins live narrations. Shared by all connections. */
@Injectable()
export class NarrationFactory {
  private readonly logger = engineLog(new Logger(NarrationFactory.name));

  constructor(
    @Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: NarrationDefaults,
    @Inject(NarrationMetrics) private readonly metrics: NarrationMetrics,
  ) {}

  /** Refuses what cannot be spoken before anything is billed. */
  start(
    narrationId: string,
    request: StartNarration,
    sampleRateHz: number,
    output: NarrationOutput,
    emit: (event: NarrationEvent) => void,
  ): NarrationStart | NarrationRefusal {
    const { port, available, detail } = this.stage;
    if (!available) return { code: 'tts_failed', message: detail ?? 'There is no voice on this server.' };
    const model = request.model ?? this.defaults.model;
    if (NOT_LIVE.test(model)) {
      return { code: 'unsupported_model', message: `${model} does not take text piece by piece. Use ${LIVE_MODEL}, or make an episode.` };
    }
    const latency = request.latency ?? 'balanced';
    const schedule = request.chunk_schedule ?? (latency === 'auto' ? 'auto' : CHUNK_SCHEDULES[latency]);
    const voiceId = request.voice_id ?? this.defaults.voiceId;
    const choices: NarrationChoices = {
      narrationId,
      voice: { voiceId, ...(request.voice_settings && { settings: request.voice_settings }) },
      model,
      schedule,
      sampleRateHz,
      maxCharacters: MAX_NARRATION_LENGTH,
      ...(request.language !== undefined && { language: request.language }),
      ...(request.seed !== undefined && { seed: request.seed }),
    };
    return {
      voiceId,
      model,
      chunkSchedule: schedule === 'auto' ? CHUNK_SCHEDULES.balanced : schedule,
      provider: port.info,
      open: () => {
        const count = this.metrics.observer();
        const told = (event: NarrationEvent): void => {
          count(event);
          emit(event);
        };
        return new Narration({ provider: port, output, emit: told, clock: SYSTEM_CLOCK, logger: this.logger }, choices);
      },
    };
  }
}
