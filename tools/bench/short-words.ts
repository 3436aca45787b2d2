/**
 * `npm run bench:words [-- seed]`: 18 short words of four synthetic voices at two levels, as whole turns and over the assistant: how many are
 * lost. On virtual time; prints Markdown. Needs flite (`npm run doctor`).
 */
import { parseSileroWeights } from '@parley/audio';
import { seededRandom, speechChildPaths, SynthesiserPool } from '@parley/simulator';
import { hearConversation, type SceneRecogniser, writesForVoices } from '@parley/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from './report';
import { asTurn, LEVELS_DBFS, overAssistant, sayAll, type ShortWord, SPEAKERS, WORDS } from './short-words/scenes';

/** Said to stop the assistant. */
const STOPPING = ['stop', 'wait', 'no', 'hey', 'why', 'what'];

const [seed = 1] = process.argv.slice(2).map(Number);
const weights = parseSileroWeights(readFileSync(join(process.cwd(), 'libs/audio/assets/silero-vad-v6-16k.bin')));
const pool = new SynthesiserPool({ childPath: speechChildPaths('libs/simulator/src/lib/speech').synthesiser });
await pool.ready;
const words = await sayAll(pool);
await pool.close();

const isLostAsTurn = (word: ShortWord, recognise: SceneRecogniser): boolean =>
  hearConversation(asTurn(word, seededRandom(seed)), weights, 'writes a word', recognise).answeredFromMs.length !== 1;

const onlyDucks = (word: ShortWord, recognise: SceneRecogniser): boolean =>
  hearConversation(overAssistant(word, seededRandom(seed)), weights, 'speaks on', recognise).interruptedAtMs.length === 0;

const named = (lost: readonly ShortWord[]): string =>
  lost.map(({ text, speaker, levelDbfs }) => `${speaker} "${text}" at ${levelDbfs}`).join(', ') || '-';

const turns = words.filter((word) => isLostAsTurn(word, writesForVoices));
const interruptions = words.filter((word) => onlyDucks(word, writesForVoices));
const stopping = ({ text }: ShortWord): boolean => STOPPING.includes(text);

printTable(
  `${WORDS.length} short words of ${SPEAKERS.length} voices at peaks of ${LEVELS_DBFS.join(' and ')} dBFS`,
  ['what', 'scenes', 'lost', 'which'],
  [
    ['the whole turn: not answered', words.length, turns.length, named(turns)],
    [
      `over the assistant (${STOPPING.join(', ')}): only ducks it`,
      words.filter(stopping).length,
      interruptions.filter(stopping).length,
      named(interruptions.filter(stopping)),
    ],
    ['over the assistant, all words: only ducks it', words.length, interruptions.length, named(interruptions)],
  ],
);
