import { NARRATION_PURPOSES, type NarrationPurpose } from '@parley/narration';
import { parseArgs } from 'node:util';

/** A file that is to be written. */
export interface Output {
  path: string;
  type: 'mp3' | 'wav' | 'vtt' | 'srt';
}

/** What the command line asks for. */
export interface CommandLine {
  /** File of the script; `-` for the standard input. */
  script: string;
  outputs: readonly Output[];
  /** By the names of the speakers. Ids or names of voices. */
  speakers: ReadonlyMap<string, string>;
  /** The voice of all other text. */
  voice?: string;
  purpose?: NarrationPurpose;
  model?: string;
  language?: string;
  title?: string;
  seed?: number;
  /** Segments at the same time. */
  parallel: number;
  /** `check` only finds mistakes; `plan` also lists the segments. */
  mode: 'render' | 'check' | 'plan' | 'help';
}

/** A mistake on the command line, in plain words. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** What `--help` prints. */
export const USAGE = `Makes an episode from a script: plain text, Markdown, or a screenplay with lines such as "HOST: …".

  npx nx run narrate -- script.md --voice HOST=parley-clara --voice GUEST=parley-ray -o episode.mp3

  -o, --output <file>    .mp3 or .wav; may be given several times
  --captions <file>      .vtt or .srt; may be given several times
  --voice <name>=<voice> voice of a speaker, by its id or its name; without "<name>=", of all other text
  --purpose <purpose>    ${NARRATION_PURPOSES.join(', ')}; decides about the model (default: balanced)
  --model <id>           takes the place of the purpose
  --language <tag>       such as en or hi-IN
  --title <text>         for the tags of the file
  --seed <number>        the same seed and text sound nearly the same
  --parallel <number>    segments that are spoken at the same time, 1 to 64 (default: 4)
  --check                only finds the mistakes of the script
  --show-plan            shows the segments and what they would cost; nothing is spoken
  --help

A script of "-" is read from the standard input. ELEVENLABS_API_KEY is the key of the voice; without one the built-in demo voice speaks.
`;

const MAX_SEED = 2 ** 32 - 1;
const MOST_PARALLEL = 64;
const AUDIO = ['mp3', 'wav'] as const;
const CAPTIONS = ['vtt', 'srt'] as const;

/** Parses the arguments after the program's name. Throws `CommandLineError`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const mode = values.help ? 'help' : values['show-plan'] ? 'plan' : values.check ? 'check' : 'render';
  const outputs = [
    ...values.output.map((path) => outputOf(path, '--output', AUDIO)),
    ...values.captions.map((path) => outputOf(path, '--captions', CAPTIONS)),
  ];
  const [script = '', ...further] = positionals;
  if (mode !== 'help') {
    if (script === '') throw new CommandLineError('the script is missing');
    if (further.length > 0) throw new CommandLineError(`there is one script, but "${further[0]}" was given as well`);
    if (mode === 'render' && values.output.length === 0) throw new CommandLineError('--output is missing: the file to write');
    const twice = outputs.find(({ path }, i) => outputs.findIndex((other) => other.path === path) < i);
    if (twice) throw new CommandLineError(`${twice.path} is given twice`);
  }
  const { model, language, title } = values;
  return {
    ...{ script, outputs, mode, ...voicesOf(values.voice) },
    ...(values.purpose !== undefined && { purpose: purposeOf(values.purpose) }),
    ...(model !== undefined && { model }),
    ...(language !== undefined && { language }),
    ...(title !== undefined && { title }),
    ...(values.seed !== undefined && { seed: wholeNumber(values.seed, '--seed', 0, MAX_SEED) }),
    parallel: wholeNumber(values.parallel, '--parallel', 1, MOST_PARALLEL),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o', multiple: true, default: [] },
        captions: { type: 'string', multiple: true, default: [] },
        voice: { type: 'string', multiple: true, default: [] },
        purpose: { type: 'string' },
        model: { type: 'string' },
        language: { type: 'string' },
        title: { type: 'string' },
        seed: { type: 'string' },
        parallel: { type: 'string', default: '4' },
        check: { type: 'boolean', default: false },
        'show-plan': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}

function outputOf(path: string, option: string, types: readonly Output['type'][]): Output {
  const type = types.find((ending) => path.toLowerCase().endsWith(`.${ending}`));
  if (type) return { path, type };
  throw new CommandLineError(`${option} takes a file that ends in ${types.map((ending) => `.${ending}`).join(' or ')}, not "${path}"`);
}

function voicesOf(given: readonly string[]): Pick<CommandLine, 'speakers' | 'voice'> {
  const speakers = new Map<string, string>();
  let voice: string | undefined;
  for (const text of given) {
    const [, name = '', id = ''] = /^(?:([^=]*)=)?(.*)$/su.exec(text) ?? [];
    if (id.trim() === '' || (text.includes('=') && name.trim() === '')) {
      throw new CommandLineError(`--voice takes <name>=<voice> or a voice, not "${text}"`);
    }
    if (text.includes('=')) speakers.set(name.trim(), id.trim());
    else voice = id.trim();
  }
  return { speakers, ...(voice !== undefined && { voice }) };
}

function purposeOf(text: string): NarrationPurpose {
  const purpose = NARRATION_PURPOSES.find((known) => known === text);
  if (purpose) return purpose;
  throw new CommandLineError(`--purpose must be one of ${NARRATION_PURPOSES.join(', ')}`);
}

function wholeNumber(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new CommandLineError(`${option} must be a whole number from ${least} to ${most}`);
}
