import { NestFactory } from '@nestjs/core';
import {
  type ParleyLogger,
  type RuntimePaths,
  type Secrets,
  type Settings,
  SETTINGS,
  STAGE_PROVIDERS,
  type StageProviders,
  warnOfEndingModels,
} from '@parley/server';
import { Registry } from 'prom-client';
import { AppModule } from './app.module';
import { SupervisorLink } from './cluster/supervisor-link';
import { type Ending, ignoreEndSignals, listenToEndSignals } from './lifecycle/end-signals';
import { watchDescriptors } from './lifecycle/descriptor-watch';
import { surviveRefusedAccepts } from './lifecycle/refused-accepts';
import { ServerEnding } from './lifecycle/server-ending';
import { UncaughtErrors } from './lifecycle/uncaught-errors';
import { MetricsText } from './operations/metrics-text';
import { prepareServer } from './prepare-server';
import { ConnectionRegistry } from './transports/websocket/connection-registry';
import { servedConnection } from './transports/websocket/work-for';

/** After an error that may have broken anything, conversations go on for no longer than this. */
const FAULT_DRAIN_MS = 10_000;

export interface ServeOptions {
  paths: RuntimePaths;
  secrets: Secrets;
  logger: ParleyLogger;
  /** The process of the supervisor's that this is: its number, from 1. Undefined where the server has one process. */
  supervised: number | undefined;
  /** See `listenToEndSignals`. */
  sameWithinMs: number;
}

/** Serves in this process until it is told to end. Rejects if it cannot start. */
export async function serve({ paths, secrets, logger, supervised, sameWithinMs }: ServeOptions): Promise<void> {
  const app = await NestFactory.create(AppModule.for(paths, secrets, logger), { logger, abortOnError: false });
  const settings = app.get<Settings>(SETTINGS);
  prepareServer(app);
  const { drainMs } = settings.lifecycle;
  const ending = new ServerEnding({
    drain: (withinMs) => app.get(ConnectionRegistry, { strict: false }).drain(withinMs),
    close: () => app.close(),
    exit: (code) => process.exit(code),
    onFailure: (error) => logger.error(error, 'Parley'),
  });
  const registry = app.get<Registry>(Registry, { strict: false });
  const errors = new UncaughtErrors({
    registry,
    log: (line) => logger.error(line, 'Parley'),
    served: servedConnection,
    onFatal: () => {
      // New clients are for the process that takes this one's place.
      app.getHttpServer().close();
      ending.begin(Math.min(drainMs, FAULT_DRAIN_MS), 1);
    },
  });
  process.on('uncaughtException', errors.take);
  const end = (how: Ending): void => ending.begin(how === 'drain' ? drainMs : 0);
  const link =
    supervised === undefined ? undefined : new SupervisorLink({ channel: process, collect: () => registry.getMetricsAsJSON(), onEnd: end });
  // A terminal or a service manager signals to all processes at once, but only the supervisor decides.
  if (link === undefined) listenToEndSignals({ source: process, begin: end, exitAtOnce: (code) => process.exit(code), sameWithinMs });
  else ignoreEndSignals(process);
  await app.listen(settings.port, settings.host);
  surviveRefusedAccepts(app.getHttpServer(), (line) => logger.error(line, 'Parley'));
  watchDescriptors({ log: (line) => logger.warn(line, 'Parley') });
  const url = await app.getUrl();
  if (link) app.get(MetricsText, { strict: false }).askInstead(() => link.sum());
  if ((supervised ?? 1) === 1) {
    warnOfEndingModels(settings, new Date(), logger);
    announce(logger, app.get<StageProviders>(STAGE_PROVIDERS));
  }
  if (link) link.ready(url);
  else logger.log(`Parley is ready: open ${url}`, 'Parley');
}

function announce(logger: ParleyLogger, { stt, llm, tts }: StageProviders): void {
  for (const [stage, { port, available, detail }] of Object.entries({ stt, llm, tts })) {
    const { name, simulated } = port.info;
    const kind = available ? (simulated ? 'SIMULATED' : 'live') : 'NOT AVAILABLE';
    logger.log(`${stage}: ${name} (${kind})${detail === undefined ? '' : ` - ${detail}`}`, 'Parley');
  }
}
