import {
  DEFAULT_AGENT_ID,
  RecogniserPool,
  SKILL_GRAMMAR,
  speechChildPaths,
  startSimulator,
  SynthesiserPool,
  type Simulator,
} from '@parley/simulator';
import { CommandLineError, parseCommandLine, USAGE, type CommandLine } from './command-line';

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.help) process.stdout.write(USAGE);
  else await run(commandLine);
} catch (error) {
  process.stderr.write(error instanceof CommandLineError ? `${error.message}\n\n${USAGE}` : `${describe(error)}\n`);
  process.exitCode = 1;
}

async function run({ port, latency, seed, faults }: CommandLine): Promise<void> {
  const children = speechChildPaths(import.meta.dirname);
  const recogniser = new RecogniserPool({ childPath: children.recogniser, domain: SKILL_GRAMMAR });
  const synthesiser = new SynthesiserPool({ childPath: children.synthesiser });
  for (const part of [recogniser, synthesiser]) {
    // The rest of the simulator works without speech, so this is a warning.
    part.ready.catch((error: unknown) => process.stderr.write(`${describe(error)}\n`));
  }
  const closeSpeech = async (): Promise<void> => void (await Promise.all([recogniser.close(), synthesiser.close()]));
  let simulator: Simulator;
  try {
    simulator = await startSimulator({
      latency,
      seed,
      recogniser,
      synthesiser,
      ports: { sarvam: port, openai: port + 1, elevenLabs: port + 2 },
    });
  } catch (error) {
    await closeSpeech();
    throw error;
  }
  for (const rule of faults) simulator.faults.inject(rule);
  const { urls } = simulator;
  process.stdout.write(`SARVAM_BASE_URL=${urls.sarvam}\nOPENAI_BASE_URL=${urls.openai}\nELEVENLABS_BASE_URL=${urls.elevenLabs}\n`);
  process.stdout.write(`ELEVENLABS_AGENT_ID=${DEFAULT_AGENT_ID}\n`);
  process.stdout.write(
    `# its conversations: ${urls.elevenLabs.replace('http', 'ws')}/v1/convai/conversation?agent_id=${DEFAULT_AGENT_ID}\n`,
  );
  const stop = (): void => void simulator.close().then(closeSpeech);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return 'One of the three ports is in use. Choose another --port.';
  return error instanceof Error ? error.message : String(error);
}
