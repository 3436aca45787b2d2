import { isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from 'yaml';
import { type Pronunciation } from '../pronunciation/pronunciation';
import { type ProblemList } from './problem-list';
import { type ScriptSpeaker } from './script';

export interface FrontMatter {
  /** Where the script begins behind it; 0 if there is none. */
  end: number;
  title?: string;
  language?: string;
  voices: ScriptSpeaker[];
  pronunciations: Pronunciation[];
}

const FRONT_MATTER = /^---[ \t]*\n([\s\S]*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\n|$)/u;
const OPENING_LENGTH = /^---[ \t]*\n/u;
/** A pronunciation between slashes is in the International Phonetic Alphabet. */
const BETWEEN_SLASHES = /^\/(.+)\/$/u;

/**
 * Reads YAML between lines of `---` at the beginning: `title`, `language`, `voices` (or `speakers`: names with voice ids, or a list of names)
 * and `pronunciations` (words with a spelling, `/ipa/`, `{ spelling: … }` or `{ ipa: … }`). Other keys are left alone.
 */
export function readFrontMatter(source: string, problems: ProblemList): FrontMatter {
  const result: FrontMatter = { end: 0, voices: [], pronunciations: [] };
  const match = FRONT_MATTER.exec(source);
  if (!match) return result;
  result.end = match[0].length;
  const start = OPENING_LENGTH.exec(source)?.[0].length ?? 0;
  const document = parseDocument(match[1] ?? '', { prettyErrors: false, logLevel: 'silent' });
  for (const error of document.errors)
    problems.add(start + error.pos[0], `The front matter is not valid YAML: ${firstLine(error.message)}`);
  if (document.errors.length > 0 || document.contents === null) return result;
  const wrong = (node: unknown, message: string): void => problems.add(start + offsetOf(node), message);
  if (!isMap(document.contents)) {
    wrong(document.contents, 'The front matter must consist of lines such as "title: …".');
    return result;
  }
  for (const pair of document.contents.items) readPair(pair, result, wrong);
  return result;
}

type Report = (node: unknown, message: string) => void;

function readPair({ key, value }: Pair, result: FrontMatter, wrong: Report): void {
  switch (scalarText(key)) {
    case 'title':
      result.title = scalarText(value);
      if (result.title === undefined) wrong(value ?? key, 'The title must be a text.');
      break;
    case 'language':
      result.language = scalarText(value);
      if (result.language === undefined) wrong(value ?? key, 'The language must be a tag such as "en" or "hi-IN".');
      break;
    case 'voices':
    case 'speakers':
      result.voices.push(...readVoices(value, key, wrong));
      break;
    case 'pronunciations':
      result.pronunciations.push(...readPronunciations(value, key, wrong));
      break;
    default:
      break;
  }
}

function readVoices(value: unknown, key: unknown, wrong: Report): ScriptSpeaker[] {
  if (isSeq(value)) {
    return value.items.flatMap((item) => {
      const name = scalarText(item);
      if (name !== undefined) return [{ name }];
      wrong(item, 'A speaker must be a name.');
      return [];
    });
  }
  if (!isMap(value)) {
    wrong(value ?? key, 'The voices must be lines such as "HOST: voice-id".');
    return [];
  }
  return value.items.flatMap((pair) => {
    const name = scalarText(pair.key);
    const voiceId = scalarText(pair.value);
    if (name !== undefined && (voiceId !== undefined || isNothing(pair.value)))
      return [{ name, ...(voiceId !== undefined && { voiceId }) }];
    wrong(pair.key, 'A voice must be a line such as "HOST: voice-id".');
    return [];
  });
}

function readPronunciations(value: unknown, key: unknown, wrong: Report): Pronunciation[] {
  if (!isMap(value)) {
    wrong(value ?? key, 'The pronunciations must be lines such as "nginx: engine x".');
    return [];
  }
  return value.items.flatMap((pair) => {
    const word = scalarText(pair.key);
    const entry = word === undefined ? undefined : pronunciation(word, pair.value);
    if (entry) return [entry];
    wrong(pair.key, 'A pronunciation must be a line such as "nginx: engine x" or "nginx: /ˌɛndʒɪnˈɛks/".');
    return [];
  });
}

function pronunciation(word: string, value: unknown): Pronunciation | undefined {
  const text = scalarText(value);
  if (text !== undefined) {
    const ipa = BETWEEN_SLASHES.exec(text)?.[1];
    return ipa === undefined ? { word, spelling: text } : { word, ipa };
  }
  if (!isMap(value)) return undefined;
  const spelling = scalarText(value.get('spelling', true));
  const ipa = scalarText(value.get('ipa', true));
  if (ipa !== undefined) return { word, ipa };
  return spelling === undefined ? undefined : { word, spelling };
}

/** The text of a scalar that holds something. Numbers and dates are taken as they are written. */
function scalarText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  const text = (typeof node.value === 'string' ? node.value : (node.source ?? '')).trim();
  return text === '' || node.value === null ? undefined : text;
}

const isNothing = (node: unknown): boolean => node === null || node === undefined || (isScalar(node) && node.value === null);

const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

const firstLine = (message: string): string => message.split('\n')[0] ?? message;
