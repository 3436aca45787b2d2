import 'reflect-metadata';
import { join } from 'node:path';
import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { EnvironmentError } from './config/environment';
import { SETTINGS, type Settings } from './config/settings';
import { RawWsAdapter } from './transports/websocket/raw-ws.adapter';
import { ParleyLogger } from './telemetry/parley-logger';
import { VENDORS, type Vendors } from './providers/vendors';

const LEVELS: Record<Settings['logLevel'], LogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};

/** Folders beside this file in `dist`. */
const here = import.meta.dirname;
const paths = { webRoot: join(here, '../web/browser'), assets: join(here, 'assets'), speechChildren: here };

try {
  const logger = new ParleyLogger({ colors: process.stdout.isTTY === true });
  const app = await NestFactory.create(AppModule.for(paths), { logger, abortOnError: false });
  const settings = app.get<Settings>(SETTINGS);
  logger.setLogLevels(LEVELS[settings.logLevel]);
  app.useWebSocketAdapter(new RawWsAdapter(app));
  // A page that may connect may also read what it needs before.
  if (settings.allowedOrigins.length > 0) app.enableCors({ origin: corsOrigin(settings), methods: ['GET', 'HEAD'] });
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(settings.port, settings.host);
  announce(logger, await app.getUrl(), app.get<Vendors>(VENDORS));
} catch (error) {
  process.stderr.write(`${error instanceof EnvironmentError ? error.message : describeStartFailure(error)}\n`);
  process.exit(1);
}

function corsOrigin({ allowedOrigins }: Settings): string | string[] {
  return allowedOrigins.includes('*') ? '*' : [...allowedOrigins];
}

function announce(logger: ParleyLogger, url: string, { stt, llm, tts }: Vendors): void {
  for (const [stage, { port, available, detail }] of Object.entries({ stt, llm, tts })) {
    const { name, simulated } = port.info;
    const kind = available ? (simulated ? 'SIMULATED' : 'live') : 'NOT AVAILABLE';
    logger.log(`${stage}: ${name} (${kind})${detail === undefined ? '' : ` - ${detail}`}`, 'Parley');
  }
  logger.log(`Parley is ready: open ${url}`, 'Parley');
}

function describeStartFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'The port is in use. Set PORT to another one.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
