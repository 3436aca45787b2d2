import { encodeAlaw, encodeUlaw } from '@parley/audio';

/** How the audio of a request or socket is encoded. */
export interface OutputFormat {
  name: string;
  rateHz: number;
  contentType: string;
  encode(pcm: Int16Array): Buffer;
}

/** Why a format cannot be had: the vendor knows no such format, the account's plan does not include it, or this simulator has no encoder for it. */
export type FormatProblem = 'unknown' | 'plan' | 'no-encoder';

const KNOWN =
  /^(?:mp3_22050_32|mp3_24000_48|mp3_44100_(?:32|64|96|128|192)|pcm_(?:8000|16000|22050|24000|32000|44100|48000)|ulaw_8000|alaw_8000|opus_48000_(?:32|64|96|128|192))$/;
/** Formats that need a higher plan than the simulated account's (Creator). */
const PLAN_GATED: ReadonlySet<string> = new Set(['pcm_44100']);

/** The format of that name, or why it cannot be had. */
export function parseOutputFormat(name: string): OutputFormat | FormatProblem {
  if (!KNOWN.test(name)) return 'unknown';
  if (PLAN_GATED.has(name)) return 'plan';
  const [codec, rate] = name.split('_');
  const rateHz = Number(rate);
  switch (codec) {
    case 'pcm':
      return { name, rateHz, contentType: 'audio/pcm', encode: encodeS16le };
    case 'ulaw':
      return { name, rateHz, contentType: 'audio/basic', encode: (pcm) => Buffer.from(encodeUlaw(pcm)) };
    case 'alaw':
      return { name, rateHz, contentType: 'audio/x-alaw-basic', encode: (pcm) => Buffer.from(encodeAlaw(pcm)) };
    default:
      return 'no-encoder';
  }
}

/** The vendor's status and message for a format that cannot be had. */
export function describeFormatProblem(name: string, problem: FormatProblem): { httpStatus: number; status: string; message: string } {
  switch (problem) {
    case 'unknown':
      return { httpStatus: 400, status: 'invalid_output_format', message: `The output format ${name} does not exist.` };
    case 'plan':
      return { httpStatus: 403, status: 'only_for_creator+', message: `The output format ${name} is not included in this plan.` };
    case 'no-encoder':
      return {
        httpStatus: 400,
        status: 'unsupported_output_format',
        message: `This simulated vendor has no encoder for ${name}: ask for a pcm_*, ulaw_8000 or alaw_8000 output_format.`,
      };
  }
}

function encodeS16le(pcm: Int16Array): Buffer {
  const bytes = Buffer.alloc(pcm.length * 2);
  for (const [i, sample] of pcm.entries()) bytes.writeInt16LE(sample, i * 2);
  return bytes;
}
