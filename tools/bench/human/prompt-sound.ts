import type { Prompt } from './voices';

/** The prompts that nobody speaks in: tones, the monkeys, and silence. All languages have the same names. */
const UNSPOKEN = /^(?:beep|beeperr|ascending-2tone|descending-2tone|confbridge-join|confbridge-leave|tt-monkeys|silence\/\d+)$/;

/** Some packages have a name without a sound. */
export const isSpoken = ({ name, pcm }: Prompt): boolean => !UNSPOKEN.test(name) && pcm.length > 0;

const SAMPLES_PER_MS = 16;
const BLOCK_MS = 10;
/** As in the fixtures' manifest: speech ends with the last 10 ms within 38 dB of the loudest. */
const WITHIN_POWER = 10 ** (-38 / 10);

/** Where the sound of a prompt ends, in ms from its start. */
export function soundEndMs({ pcm }: Pick<Prompt, 'pcm'>): number {
  const block = BLOCK_MS * SAMPLES_PER_MS;
  const powers = Array.from({ length: Math.ceil(pcm.length / block) }, (_, index) =>
    pcm.subarray(index * block, (index + 1) * block).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const loudest = Math.max(...powers);
  return (powers.findLastIndex((power) => power > loudest * WITHIN_POWER) + 1) * BLOCK_MS;
}
