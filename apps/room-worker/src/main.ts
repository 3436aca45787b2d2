import 'reflect-metadata';
import { join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { NestFactory } from '@nestjs/core';
import { routeMediaLog } from '@parley/rooms/worker';
import { ParleyLogger, Secrets, type Settings, SETTINGS, warnOfEndingModels } from '@parley/server';
import { WorkerHost } from './rooms/worker-host';
import { describeFailure } from './start-failure';
import { WorkerModule } from './worker.module';

/** How long everything may take that is left after the calls have ended. */
const END_MS = 10_000;

/** The folders of the built product, relative to this file in `dist`. The worker has no page. */
const here = import.meta.dirname;
const paths = { webRoot: '', assets: join(here, 'assets'), speechChildren: here };
const secrets = new Secrets();

try {
  const logger = new ParleyLogger({ colors: process.stdout.isTTY === true }, secrets);
  routeMediaLog((text) => logger.warn({ message: 'the media package warns', text }, 'Media'));
  const app = await NestFactory.createApplicationContext(WorkerModule.for(paths, secrets, logger), { logger, abortOnError: false });
  const settings = app.get<Settings>(SETTINGS);
  warnOfEndingModels(settings, new Date(), logger);
  const host = app.get(WorkerHost);
  onSignal(async (hurry) => {
    await host.drain(settings.turns.maxSessionMs, hurry);
    setTimeout(() => process.exit(1), END_MS).unref();
    await host.leave();
    await app.close();
    await dispose();
    process.exit(0);
  });
} catch (error) {
  process.stderr.write(`${secrets.hide(describeFailure(error))}\n`);
  process.exit(1);
}

/** The first signal ends the program when its calls have ended, a second one at once. */
function onSignal(end: (hurry: AbortSignal) => Promise<void>): void {
  const hurry = new AbortController();
  let isEnding = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isEnding) hurry.abort();
      else void end(hurry.signal);
      isEnding = true;
    });
  }
}
