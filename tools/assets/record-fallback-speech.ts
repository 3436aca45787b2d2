/**
 * Records the sentences that are said when a stage fails and no voice is to be had: apps/api/assets/fallback-*.wav.
 * Run again when the sentences change: node tools/run-ts.mjs tools/assets/record-fallback-speech.ts
 */
import { writeFile } from 'node:fs/promises';
import { encodeWav } from '@parley/audio';
import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { speechChildPaths, SynthesiserPool } from '@parley/simulator';

const pool = new SynthesiserPool({ childPath: speechChildPaths('libs/simulator/src/lib/speech').synthesiser });
await pool.ready;
for (const [stage, text] of Object.entries(DEFAULT_TURN_POLICY.fallbackText)) {
  const { pcm, sampleRateHz } = await pool.speak(text, 'slt', AbortSignal.timeout(10_000));
  await writeFile(`apps/api/assets/fallback-${stage}.wav`, encodeWav(pcm, sampleRateHz));
}
await pool.close();
