/**
 * Makes the short words that the api's specs are held with: libs/testing/recordings/words/<voice>-<word>.wav, 16 kHz. By their sound alone none
 * of them is a turn. They are spoken by flite, the same in every run: node tools/run-ts.mjs tools/assets/record-short-words.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav, floatToPcm16 } from '@parley/audio';
import { speechChildPaths, SynthesiserPool } from '@parley/simulator';
import { sayAll } from '../bench/short-words/scenes';

const TARGET = 'libs/testing/recordings/words';
const RECORDED = [
  { speaker: 'slt', text: 'hi', levelDbfs: -9 },
  { speaker: 'slt', text: 'yep', levelDbfs: -24 },
  { speaker: 'kal16', text: 'no', levelDbfs: -24 },
  { speaker: 'kal16', text: 'what', levelDbfs: -9 },
];

const pool = new SynthesiserPool({ childPath: speechChildPaths('libs/simulator/src/lib/speech').synthesiser });
await pool.ready;
const words = await sayAll(pool);
await pool.close();
await mkdir(TARGET, { recursive: true });
for (const { speaker, text, levelDbfs } of RECORDED) {
  const word = words.find((said) => said.speaker === speaker && said.text === text && said.levelDbfs === levelDbfs);
  if (word === undefined) throw new Error(`${speaker} does not say "${text}"`);
  await writeFile(join(TARGET, `${speaker}-${text}.wav`), encodeWav(Int16Array.from(word.samples, floatToPcm16), 16_000));
}
