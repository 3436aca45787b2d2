import { BLOCK_MS, type Block } from '../in-page/observation';

/** A stretch of sound, on the clock of its blocks. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export const durationMs = ({ startMs, endMs }: Span): number => endMs - startMs;

/** RMS above which audio is audible: 40 dB below ordinary speech. */
export const AUDIBLE = dbfs(-60);
/** RMS above which the microphone has a voice. What the browser's processing leaves of a silent room is below it. */
const VOICED = dbfs(-45);

/** The blocks next to the edges of a match, which may hold a part of it. */
const EDGE_BLOCKS = 2;

export const isAudible = ({ played }: Block): boolean => played > AUDIBLE;
export const isVoiced = ({ captured }: Block): boolean => captured > VOICED;

/** Stretches of blocks that `counts`; pauses of up to `pauseMs` are part of a stretch. */
export function spans(blocks: readonly Block[], counts: (block: Block) => boolean, pauseMs: number): Span[] {
  const found: Span[] = [];
  for (const block of blocks.filter(counts)) {
    const last = found.at(-1);
    const endMs = block.atMs + BLOCK_MS;
    if (last && block.atMs - last.endMs <= pauseMs) found[found.length - 1] = { ...last, endMs };
    else found.push({ startMs: block.atMs, endMs });
  }
  return found;
}

/** Speech as the server sent it. */
export interface Speech {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
}

export const speechMs = ({ pcm, sampleRateHz }: Speech): number => (pcm.length * 1000) / sampleRateHz;

/** How similar two loudness envelopes are (1: identical), and the position of the best match. */
interface Fit {
  readonly correlation: number;
  readonly at: number;
}

/** How similar what was heard is to a whole speech, at the best position; 1 is identical. */
export function similarity(blocks: readonly Block[], speech: Speech): number {
  const heard = blocks.map(({ played }) => played);
  return Math.max(...envelopes(speech).map((sent) => bestFit(sent, heard).correlation));
}

/** The number of audible blocks that lie before or after the best match of a whole speech. */
export function audibleOutside(blocks: readonly Block[], speech: Speech): number {
  const heard = blocks.map(({ played }) => played);
  const fits = envelopes(speech).map((sent) => ({ length: sent.length, ...bestFit(sent, heard) }));
  const { at, length } = fits.reduce((one, other) => (other.correlation > one.correlation ? other : one));
  return blocks.filter((block, index) => (index < at - EDGE_BLOCKS || index >= at + length + EDGE_BLOCKS) && isAudible(block)).length;
}

/** The position in a longer speech that matches what was heard, and the speech's RMS per block from there on. */
export function continuation(blocks: readonly Block[], speech: Speech): { likeness: number; sent: readonly number[] } {
  const heard = blocks.map(({ played }) => played);
  const fits = envelopes(speech).map((sent) => ({ sent, ...bestFit(heard, sent) }));
  const best = fits.reduce((one, other) => (other.correlation > one.correlation ? other : one));
  return { likeness: best.correlation, sent: best.sent.slice(best.at + heard.length) };
}

/** RMS per block of 20 ms, for several offsets of the blocks, because the listener's blocks began at another offset. */
function envelopes({ pcm, sampleRateHz }: Speech): number[][] {
  const blockSamples = (sampleRateHz * BLOCK_MS) / 1000;
  return [0, 0.25, 0.5, 0.75].map((part) => {
    const early = Math.round(part * blockSamples);
    return Array.from({ length: Math.ceil((pcm.length + early) / blockSamples) }, (_, block) => {
      const samples = pcm.subarray(Math.max(0, block * blockSamples - early), (block + 1) * blockSamples - early);
      return Math.sqrt(samples.reduce((energy, sample) => energy + (sample / 32_768) ** 2, 0) / blockSamples);
    });
  });
}

function bestFit(pattern: readonly number[], within: readonly number[]): Fit {
  let best: Fit = { correlation: 0, at: 0 };
  for (let at = 0; at <= within.length - pattern.length; at++) {
    const found = correlation(pattern, within.slice(at, at + pattern.length));
    if (found > best.correlation) best = { correlation: found, at };
  }
  return best;
}

/** Pearson's correlation of two series of the same length; 0 if one does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [fromA, fromB] = [a[i] - meanA, b[i] - meanB];
    ab += fromA * fromB;
    aa += fromA ** 2;
    bb += fromB ** 2;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

function dbfs(level: number): number {
  return 10 ** (level / 20);
}
