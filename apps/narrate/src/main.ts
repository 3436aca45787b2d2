import { ELEVENLABS_PROVIDER } from '@parley/providers';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type CommandLine, CommandLineError, parseCommandLine, USAGE } from './command-line';
import { type Narrated, narrateScript } from './narrate-script';
import { ProgressDisplay } from './progress-display';
import { describeEpisode, describePlan, describeProblems } from './report';
import { openVoiceVendor } from './voice-vendor';

const EXIT_CODES = { completed: 0, planned: 0, failed: 1, refused: 2, cancelled: 130 } as const;
const COMMAND_LINE_EXIT_CODE = 2;
/** The same folder as the server's, so that the two share what they have paid for. */
const DEFAULT_DATA_DIR = 'parley-data';
const DEFAULT_CACHE_BYTES = 2_000_000_000;

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.mode === 'help') process.stdout.write(USAGE);
  else await run(commandLine);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof CommandLineError ? `${message}\nnpx nx run narrate -- --help tells more.\n` : `${message}\n`);
  process.exitCode = error instanceof CommandLineError ? COMMAND_LINE_EXIT_CODE : EXIT_CODES.failed;
}

async function run(commandLine: CommandLine): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const environment = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const script = await readScript(commandLine.script);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

  const vendor = await openVoiceVendor(environment, import.meta.dirname);
  const progress = new ProgressDisplay(process.stderr);
  if (vendor.provider.info.simulated && commandLine.mode === 'render') {
    process.stderr.write(`The built-in demo voice speaks. Set ${ELEVENLABS_PROVIDER.variables.apiKey.name} for a natural one.\n`);
  }
  try {
    const options = {
      ...vendor,
      cache: {
        directory: resolve(environment['DATA_DIR'] ?? DEFAULT_DATA_DIR, 'cache'),
        maxBytes: Number(environment['AUDIO_CACHE_MAX_BYTES'] ?? DEFAULT_CACHE_BYTES),
      },
      onProgress: progress.show.bind(progress),
      onAssembling: () => progress.say('Putting it together …'),
    };
    const narrated = await narrateScript(script, commandLine, options, stop.signal);
    progress.end();
    report(narrated, commandLine);
  } finally {
    progress.end();
    await vendor.close();
  }
}

async function readScript(path: string): Promise<string> {
  if (path === '-') return await text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new CommandLineError(`the script ${join(path)} cannot be read`);
  }
}

function report(narrated: Narrated, { script, mode, outputs }: CommandLine): void {
  process.exitCode = EXIT_CODES[narrated.type];
  switch (narrated.type) {
    case 'refused':
      process.stderr.write(describeProblems(script === '-' ? 'standard input' : script, narrated.problems));
      return;
    case 'planned':
      process.stdout.write(describePlan(narrated.plan, mode === 'plan'));
      return;
    case 'completed':
      process.stdout.write(describeEpisode(narrated.episode, outputs));
      return;
    case 'failed':
      process.stderr.write(`${narrated.message}\n`);
      return;
    case 'cancelled':
      process.stderr.write('Cancelled. What was spoken so far is kept, and is not paid for again.\n');
  }
}
