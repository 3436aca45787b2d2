import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import {
  describeStartFailure,
  ParleyLogger,
  Secrets,
  type Settings,
  SETTINGS,
  STAGE_PROVIDERS,
  type StageProviders,
  warnOfEndingModels,
} from '@parley/server';
import { prepareServer } from './prepare-server';

/** The folders of the built product, relative to this file in `dist`. */
const here = import.meta.dirname;
const paths = { webRoot: join(here, '../web/browser'), assets: join(here, 'assets'), speechChildren: here };
const secrets = new Secrets();

try {
  const logger = new ParleyLogger({ colors: process.stdout.isTTY === true }, secrets);
  const app = await NestFactory.create(AppModule.for(paths, secrets, logger), { logger, abortOnError: false });
  const settings = app.get<Settings>(SETTINGS);
  prepareServer(app);
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(settings.port, settings.host);
  warnOfEndingModels(settings, new Date(), logger);
  announce(logger, await app.getUrl(), app.get<StageProviders>(STAGE_PROVIDERS));
} catch (error) {
  process.stderr.write(`${secrets.hide(describeStartFailure(error))}\n`);
  process.exit(1);
}

function announce(logger: ParleyLogger, url: string, { stt, llm, tts }: StageProviders): void {
  for (const [stage, { port, available, detail }] of Object.entries({ stt, llm, tts })) {
    const { name, simulated } = port.info;
    const kind = available ? (simulated ? 'SIMULATED' : 'live') : 'NOT AVAILABLE';
    logger.log(`${stage}: ${name} (${kind})${detail === undefined ? '' : ` - ${detail}`}`, 'Parley');
  }
  logger.log(`Parley is ready: open ${url}`, 'Parley');
}
