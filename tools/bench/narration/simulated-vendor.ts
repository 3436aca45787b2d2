/**
 * The simulated vendor in a process of its own, so that its memory and its work are not taken for ours: its voice is one tone for each word, and
 * speech comes so many times faster than it is spoken. Prints its address. `simulated-vendor.ts <streams at the same time> <speed>`.
 */
import { ScriptedRecogniser, startSimulator } from '@parley/simulator';
import { WordTones } from './word-tones';

const [streams = 4, speed = 20] = process.argv.slice(2).map(Number);
const vendor = await startSimulator({
  recogniser: new ScriptedRecogniser({ texts: [] }),
  synthesiser: new WordTones(),
  limits: { elevenLabsConcurrency: streams, elevenLabsSpeed: speed },
});
process.stdout.write(`${vendor.urls.elevenLabs}\n`);
// Ends with the bench, also when that is killed.
process.stdin.on('end', () => process.exit()).resume();
