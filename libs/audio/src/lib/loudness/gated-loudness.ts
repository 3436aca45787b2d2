/** Steps per second in which energies are kept: a block of 400 ms is 20 of them, and begins every 5. */
export const LOUDNESS_STEPS_PER_SECOND = 50;
const BLOCK_STEPS = 20;
const HOP_STEPS = 5;

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
/** So that a sine of 997 Hz at full scale in one channel has -3.01 LUFS. */
const OFFSET_DB = -0.691;

/** A mean square of K-weighted samples, full scale being 1, as loudness. */
export function energyToLufs(energy: number): number {
  return energy > 0 ? OFFSET_DB + 10 * Math.log10(energy) : Number.NEGATIVE_INFINITY;
}

function lufsToEnergy(lufs: number): number {
  return 10 ** ((lufs - OFFSET_DB) / 10);
}

/**
 * Integrated loudness in LUFS by ITU-R BS.1770-4: blocks of 400 ms that overlap by 75 %; those below -70 LUFS do not count, and of the others
 * not those more than 10 LU below their mean. `energies` are the mean squares of K-weighted steps of 20 ms, of which the first `count` are
 * whole. Minus infinity where no block counts.
 *
 * Less than one block is measured as a whole, without a gate: the recommendation does not say, and a word of 300 ms has a loudness too.
 */
export function integratedLoudness(energies: Float32Array, count = energies.length): number {
  if (count < BLOCK_STEPS) return energyToLufs(mean(energies, energies.length));
  const loud = blockEnergies(energies, count).filter((energy) => energy > lufsToEnergy(ABSOLUTE_GATE_LUFS));
  const gate = mean(loud, loud.length) * 10 ** (RELATIVE_GATE_LU / 10);
  const counted = loud.filter((energy) => energy > gate);
  return energyToLufs(mean(counted, counted.length));
}

function blockEnergies(energies: Float32Array, count: number): Float64Array {
  const blocks = new Float64Array(Math.floor((count - BLOCK_STEPS) / HOP_STEPS) + 1);
  for (let block = 0; block < blocks.length; block++) {
    let sum = 0;
    for (let step = 0; step < BLOCK_STEPS; step++) sum += energies[block * HOP_STEPS + step];
    blocks[block] = sum / BLOCK_STEPS;
  }
  return blocks;
}

function mean(values: Float32Array | Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i];
  return length === 0 ? 0 : sum / length;
}
