/**
 * `npm run livekit`: a LiveKit server for development, which can be reached from this machine only, until Ctrl+C. Uses a program that is there, or
 * builds one with Go, or runs the image with Docker; says what to do where none of these is possible.
 */
import { LiveKitServer } from '@parley/rooms/testing/server';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { settingsOf } from '../doctor/settings.mjs';
import { buildServer } from './build-server.mjs';
import { chooseWay, IMAGE } from './choose-way.mjs';
import { serverSettings } from './server-settings.mjs';
import { findServer, hasDocker, hasGo, VERSION } from './server-program.mjs';

type Command = (configFile: string) => readonly [program: string, ...args: string[]];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const overDocker: Command = (file) => [
  'docker',
  ...['run', '--rm', '--network=host', `--volume=${file}:/livekit.json:ro`, IMAGE, '--config', '/livekit.json'],
];

/** How to run the server, and in words where it comes from. Undefined when it cannot be run; why has been printed. */
function prepare(): { command: Command; from: string } | undefined {
  const found = findServer();
  const way = chooseWay({ found, isNamed: Boolean(process.env['LIVEKIT_SERVER_PATH']), hasDocker, hasGo });
  switch (way.way) {
    case 'program':
      return { command: (file) => [way.path, '--config', file], from: `${way.path}, from ${way.from}` };
    case 'build': {
      print(`Building LiveKit server ${VERSION} with Go: some minutes, once ...`);
      const built = buildServer() ? findServer() : undefined;
      const path = built?.path;
      return path === undefined ? undefined : { command: (file) => [path, '--config', file], from: `${path}, just built` };
    }
    case 'docker':
      // Downloads are shown, and take as long as they take.
      if (spawnSync('docker', ['pull', IMAGE], { stdio: 'inherit' }).status !== 0) return undefined;
      return { command: overDocker, from: `the image ${IMAGE}` };
    case 'none':
      for (const line of way.advice) print(line);
      return undefined;
  }
}

/** A terminal's Ctrl+C reaches the server too, so its end counts only if no signal comes with it. */
async function endsByItself(server: LiveKitServer): Promise<false> {
  await server.ended();
  await sleep(500);
  return false;
}

async function main(): Promise<number> {
  const settings = serverSettings(settingsOf(process.cwd()));
  const prepared = prepare();
  if (prepared === undefined) return 1;
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const server = await LiveKitServer.start({ ...settings, command: prepared.command });
  print(`LiveKit server at ${server.url} (${prepared.from})\nIts log: ${server.logFile}\n`);
  print(settings.areSet ? 'The settings in use fit it:' : 'Put these lines into .env, and start Parley and a room worker:');
  for (const line of settings.envLines) print(`  ${line}`);
  print('\nCtrl+C ends it.');
  const isOver = await Promise.race([ended.then(() => true), endsByItself(server)]);
  if (!isOver) print(`The server ended by itself:\n${server.log()}`);
  await server.stop();
  return isOver ? 0 : 1;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
