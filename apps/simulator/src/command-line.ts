import { parseArgs } from 'node:util';
import { LATENCY_PROFILES, parseFault, type FaultRule, type LatencyProfile } from '@parley/simulator';

/** What the command line asks for. */
export interface CommandLine {
  /** Sarvam's; OpenAI and ElevenLabs are on the next two. */
  port: number;
  latency: LatencyProfile;
  seed: number;
  faults: FaultRule[];
  help: boolean;
}

/** A mistake on the command line, in plain words. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** What `--help` prints. */
export const USAGE = `Runs the simulated vendors on 127.0.0.1.

  --port 4010          port of Sarvam; OpenAI and ElevenLabs are on the next two
  --latency middle     fast, middle or slow
  --jitter 0.4         each delay varies by up to this share of itself, 0 to 1
  --seed 7             decides jitter, ids, chunk sizes and the faults' chances
  --fault sarvam:stall may be given several times: vendor[/endpoint]:kind[=value][*times][@probability],
                       as elevenlabs:agent-error=llm_timeout*1, elevenlabs:late-audio@0.5 or elevenlabs/agent-signed-url:refuse=401
  --help
`;

/** Parses the arguments after the program's name. Throws `CommandLineError`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { port, latency, jitter, seed, fault, help } = parse(args);
  const profile = Object.entries(LATENCY_PROFILES).find(([name]) => name === latency)?.[1];
  if (!profile) throw new CommandLineError(`--latency must be one of ${Object.keys(LATENCY_PROFILES).join(', ')}`);
  return {
    port: numberIn(port, '--port', 1, 65_533, true),
    latency: { ...profile, jitter: numberIn(jitter, '--jitter', 0, 1, false) },
    seed: numberIn(seed, '--seed', 0, 2 ** 32 - 1, true),
    faults: fault.map(readFault),
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4010' },
        latency: { type: 'string', default: 'middle' },
        jitter: { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        fault: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}

function readFault(text: string): FaultRule {
  try {
    return parseFault(text);
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}

function numberIn(text: string, name: string, min: number, max: number, whole: boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new CommandLineError(`${name} must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`);
  }
  return value;
}
