import { type DynamicModule, Module } from '@nestjs/common';
import {
  AgentModule,
  BUDGETED_ENGINES,
  BudgetsModule,
  type ConfiguredLog,
  MetricsModule,
  NarrationModule,
  type RuntimePaths,
  RuntimePathsModule,
  type Secrets,
  SessionModule,
  SETTINGS,
  SettingsModule,
  StageProvidersModule,
} from '@parley/server';
import { HealthServer } from './operations/health-server';
import { WorkerMetrics } from './operations/worker-metrics';
import { OpeningLines } from './rooms/opening-lines';
import { ROOM_SETTINGS, workerSettings } from './rooms/room-settings.token';
import { openRoomStore, ROOM_STORE } from './rooms/room-store.token';
import { WorkerHost } from './rooms/worker-host';

/** The root module of the worker: the same engines as the server's, with rooms in place of sockets. */
@Module({})
export class WorkerModule {
  static for(paths: RuntimePaths, secrets: Secrets, log?: ConfiguredLog): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ...[RuntimePathsModule.for(paths), SettingsModule.for(secrets, log), MetricsModule, StageProvidersModule],
        ...[SessionModule, AgentModule, BudgetsModule, NarrationModule],
      ],
      providers: [
        { provide: ROOM_SETTINGS, inject: [SETTINGS], useFactory: workerSettings },
        { provide: ROOM_STORE, inject: [ROOM_SETTINGS], useFactory: openRoomStore },
        BUDGETED_ENGINES,
        OpeningLines,
        WorkerHost,
        WorkerMetrics,
        HealthServer,
      ],
    };
  }
}
