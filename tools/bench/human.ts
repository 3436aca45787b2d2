/**
 * `npm run bench:human [-- language...]`: professional speakers of five languages (en es fr it ru; all unless named), every prompt as a user's
 * turn: is it answered, once, and after how much silence; and do tones and beeps stay unanswered. On virtual time; prints Markdown.
 * The voices are Debian packages (asterisk-core-sounds-<language>-g722): those installed, or fetched into tmp/human-voices. Needs ffmpeg.
 */
import { floatToPcm16, parseSileroWeights } from '@parley/audio';
import { seededRandom } from '@parley/simulator';
import { backgroundOf, hearConversation, type SceneRecogniser, writesForEverything, writesForVoices } from '@parley/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HUMAN_VOICES, type HumanVoice, MissingTool, type Prompt, promptsOf } from './human/voices';
import { isSpoken, soundEndMs } from './human/prompt-sound';
import { quantile } from './quantile';
import { printTable } from './report';

const SAMPLES_PER_MS = 16;
const LEAD_MS = 1_000;
const TAIL_MS = 2_500;
const CACHE = join(process.cwd(), 'tmp/human-voices');
const weights = parseSileroWeights(readFileSync(join(process.cwd(), 'libs/audio/assets/silero-vad-v6-16k.bin')));

/** The prompt in a quiet room. */
function scene({ pcm }: Prompt): Int16Array {
  const samples = backgroundOf('a quiet room', pcm.length + (LEAD_MS + TAIL_MS) * SAMPLES_PER_MS, seededRandom(1));
  const scene = Int16Array.from(samples, floatToPcm16);
  for (let i = 0; i < pcm.length; i++) scene[LEAD_MS * SAMPLES_PER_MS + i] += pcm[i];
  return scene;
}

const turnsIn = (prompt: Prompt, recognise: SceneRecogniser) => hearConversation(scene(prompt), weights, 'writes a word', recognise);

const named = (prompts: readonly Prompt[]): string => prompts.map(({ name }) => name).join(', ') || '-';

async function rowOf(voice: HumanVoice): Promise<(string | number)[]> {
  const prompts = await promptsOf(voice, CACHE);
  const spoken = prompts.filter(isSpoken).map((prompt) => ({ prompt, heard: turnsIn(prompt, writesForVoices) }));
  const sounds = prompts.filter((prompt) => !isSpoken(prompt));
  const dropped = spoken.filter(({ heard }) => heard.endedAtMs.length === 0).map(({ prompt }) => prompt);
  const split = spoken.filter(({ heard }) => heard.endedAtMs.length > 1).map(({ prompt }) => prompt);
  const silencesMs = spoken.flatMap(({ prompt, heard }) => heard.endedAtMs.slice(-1).map((endMs) => endMs - LEAD_MS - soundEndMs(prompt)));
  const answered = (recognise: SceneRecogniser): Prompt[] => sounds.filter((prompt) => turnsIn(prompt, recognise).endedAtMs.length > 0);
  return [
    voice.language,
    spoken.length,
    `${dropped.length} (${named(dropped)})`,
    `${split.length} (${named(split)})`,
    `${Math.round(quantile(silencesMs, 0.5))} / ${Math.round(quantile(silencesMs, 0.95))}`,
    sounds.length,
    `${answered(writesForVoices).length} (${named(answered(writesForVoices))})`,
    `${answered(writesForEverything).length} (${named(answered(writesForEverything))})`,
  ];
}

const wanted = process.argv.slice(2);
const voices = HUMAN_VOICES.filter(({ language }) => wanted.length === 0 || wanted.includes(language));
try {
  const rows: (string | number)[][] = [];
  for (const voice of voices) rows.push(await rowOf(voice));
  printTable(
    'Professional speakers, every prompt a turn',
    [
      'language',
      'prompts',
      'dropped',
      'taken for several turns',
      'last voiced sample → turn over, median / 95 % (ms)',
      'tones, beeps, animals, silence',
      'of them answered',
      '… by a recogniser that writes words for everything',
    ],
    rows,
  );
} catch (error) {
  if (!(error instanceof MissingTool)) throw error;
  console.error(`bench:human cannot run here: ${error.message}`);
  process.exitCode = 1;
}
