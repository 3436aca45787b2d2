import 'reflect-metadata';
import cluster from 'node:cluster';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { describeStartFailure, ParleyLogger, Secrets, type Settings, SETTINGS, SettingsModule } from '@parley/server';
import { ProcessesNotPossible } from './cluster/shared-services';
import { supervise } from './cluster/supervise';
import { serve } from './serve';

/** The folders of the built product, relative to this file in `dist`. */
const here = import.meta.dirname;
const paths = { webRoot: join(here, '../web/browser'), assets: join(here, 'assets'), speechChildren: here };
const secrets = new Secrets();
/** npm hands a signal on to its scripts, which have it from the terminal as well. */
const sameWithinMs = process.env['npm_lifecycle_event'] === undefined ? 0 : 500;

// A log that cannot be written, because the disk is full or its reader has gone, is no reason to end conversations.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const logger = new ParleyLogger({ colors: process.stdout.isTTY === true }, secrets);
  const settings = cluster.isPrimary ? await readSettings() : undefined;
  if (settings && settings.lifecycle.processes > 1) {
    await logger.configure(settings);
    supervise(settings, logger, sameWithinMs);
  } else await serve({ paths, secrets, logger, supervised: cluster.worker?.id, sameWithinMs });
} catch (error) {
  const reason = error instanceof ProcessesNotPossible ? error.message : describeStartFailure(error);
  process.stderr.write(`${secrets.hide(reason)}\n`);
  process.exit(1);
}

/** The settings without the server. Rejects with all mistakes in them. */
async function readSettings(): Promise<Settings> {
  const context = await NestFactory.createApplicationContext(SettingsModule.for(secrets), { logger: false, abortOnError: false });
  const settings = context.get<Settings>(SETTINGS);
  await context.close();
  return settings;
}
