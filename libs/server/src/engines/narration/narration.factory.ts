import { Inject, Injectable, Logger } from '@nestjs/common';
import { Narration, type NarrationChoices, type NarrationEvent, type NarrationOutput, SYSTEM_CLOCK } from '@parley/engine';
import { checkModelFor, CHUNK_SCHEDULES } from '@parley/narration';
import { MAX_NARRATION_LENGTH, type NarrationErrorCode, type StartNarration } from '@parley/protocol';
import { MeteredNarration, type NarrationProvider, narrationModel, type ProviderInfo } from '@parley/providers';
import { Budgets } from '../../budgets/budgets';
import { BUDGET_SPENT } from '../../messages/budget-spent';
import type { StageProvider } from '../../providers/stage-providers';
import { engineLog } from '../../telemetry/engine-log';
import { NarrationMetrics } from '../../telemetry/narration-metrics';
import { NARRATION_DEFAULTS, type NarrationDefaults } from './narration-defaults';
import { NarrationCache } from './narration-cache';
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
  /** When it is worth trying again, in ms from now. */
  retryAfterMs?: number;
}

/** Begins live narrations. Shared by all connections. */
@Injectable()
export class NarrationFactory {
  private readonly logger = engineLog(new Logger(NarrationFactory.name));

  constructor(
    @Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: NarrationDefaults,
    @Inject(NarrationMetrics) private readonly metrics: NarrationMetrics,
    @Inject(NarrationCache) private readonly cache: NarrationCache,
    @Inject(Budgets) private readonly budgets: Pick<Budgets, 'forNarration'>,
  ) {}

  /**
   * Refuses what cannot be spoken before anything is billed. `address`: whoever is connected, as an opaque text; undefined if that is not
   * known.
   */
  start(
    narrationId: string,
    request: StartNarration,
    sampleRateHz: number,
    output: NarrationOutput,
    emit: (event: NarrationEvent) => void,
    address?: string,
  ): NarrationStart | NarrationRefusal {
    const { port, available, detail } = this.stage;
    if (!available) return { code: 'tts_failed', message: detail ?? 'There is no voice on this server.' };
    const model = request.model ?? this.defaults.model;
    const refusal = checkModelFor('stream', narrationModel(model));
    if (refusal !== undefined) return { code: 'unsupported_model', message: refusal };
    const budget = this.budgets.forNarration(address);
    if (budget.refusal) {
      const { scope, retryAfterMs } = budget.refusal;
      return { code: 'budget_spent', message: BUDGET_SPENT[scope], ...(retryAfterMs !== undefined && { retryAfterMs }) };
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
        this.cache.prepare();
        const count = this.metrics.observer();
        const told = (event: NarrationEvent): void => {
          count(event);
          emit(event.type === 'failed' ? budget.explain(event) : event);
        };
        const provider = new MeteredNarration(port, budget.meter);
        return new Narration({ provider, cache: this.cache, output, emit: told, clock: SYSTEM_CLOCK, logger: this.logger }, choices);
      },
    };
  }
}
