/**
 * Records the sentences that are played when a stage fails and no voice is available: libs/server/assets/fallback-*.wav,
 * at the rate at which they are sent, so that the server does not have to convert them.
 * Run again when the sentences change: node tools/run-ts.mjs tools/assets/record-fallback-speech.ts
 */
import { writeFile } from 'node:fs/promises';
import { encodeWav, resamplePcm16 } from '@parley/audio';
import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { speechChildPaths, SynthesiserPool } from '@parley/simulator';

const pool = new SynthesiserPool({ childPath: speechChildPaths('libs/simulator/src/lib/speech').synthesiser });
await pool.ready;
for (const [stage, text] of Object.entries(DEFAULT_TURN_POLICY.fallbackText)) {
  const { pcm, sampleRateHz } = await pool.speak(text, 'slt', AbortSignal.timeout(10_000));
  await writeFile(
    `libs/server/assets/fallback-${stage}.wav`,
    encodeWav(resamplePcm16(pcm, sampleRateHz, OUTPUT_SAMPLE_RATE_HZ), OUTPUT_SAMPLE_RATE_HZ),
  );
}
await pool.close();
