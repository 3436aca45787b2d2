import { type Cue, type ScriptBlocks } from './blocks';
import { checkSource } from './check-source';
import { detectFormat } from './detect-format';
import { readFrontMatter, type FrontMatter } from './front-matter';
import { LineMap } from './line-map';
import { type MappedText } from './mapped-text';
import { markdownBlocks } from './markdown-blocks';
import { plainBlocks } from './plain-blocks';
import { ProblemList } from './problem-list';
import { NARRATOR, SCRIPT_MAX_CHARACTERS, type Script, type ScriptElement, type ScriptFormat, type SpeechElement } from './script';
import { splitAtPauses } from './script-tags';
import { screenplayBlocks } from './screenplay-blocks';
import { SpeakerNames } from './speaker-names';

export interface ParseScriptOptions {
  /** Detected if it is left out. */
  format?: ScriptFormat;
  /** The names that have a voice. If given (here or in the front matter), other speakers of a screenplay are a problem. */
  speakers?: readonly string[];
  /** Whether tags such as `[laughs]` stay in the text, for a model that performs them. */
  audioTags?: boolean;
  /** 100 000 if left out. */
  maxCharacters?: number;
}

/**
 * Reads a script and checks it. Never throws: what is wrong is in `problems`, and `elements` holds what could be read. A source over the limit
 * is not read further.
 */
export function parseScript(source: string, options: ParseScriptOptions = {}): Script {
  // Lines and columns stay what they are: a byte order mark is no column in an editor either.
  const text = source.replace(/^\ufeff/u, '').replace(/\r\n?/gu, '\n');
  const lines = new LineMap(text);
  const problems = new ProblemList(lines);
  checkSource(text, options.maxCharacters ?? SCRIPT_MAX_CHARACTERS, problems);
  const isTooLong = text.length > (options.maxCharacters ?? SCRIPT_MAX_CHARACTERS);
  const front: FrontMatter =
    isTooLong || options.format === 'text' ? { end: 0, voices: [], pronunciations: [] } : readFrontMatter(text, problems);
  const names = new SpeakerNames([...(options.speakers ?? []), ...front.voices.map(({ name }) => name)]);
  const format = options.format ?? (isTooLong ? 'text' : detectFormat(text, front.end, (name) => names.isKnown(name)));
  const read = isTooLong ? NOTHING : readBlocks(text, front.end, format, names);
  if (!read) problems.add(front.end, 'The Markdown is nested too deeply to be read.');
  const reader = new ElementReader(lines, problems, names, options.audioTags ?? false);
  const title = front.title ?? (read && takeTitle(read));
  const elements = reader.read(read ?? NOTHING, format);
  if (!isTooLong && read && !elements.some(({ type }) => type === 'speech')) problems.add(0, 'The script holds no text to speak.');
  return {
    format,
    ...(title !== undefined && { title }),
    ...(front.language !== undefined && { language: front.language }),
    speakers: [...new Set(elements.filter((element) => element.type === 'speech').map(({ speaker }) => speaker))],
    voices: front.voices,
    pronunciations: front.pronunciations,
    elements,
    problems: problems.list(),
  };
}

const NOTHING: ScriptBlocks = { blocks: [], cues: [] };

/** Undefined if the source is nested more deeply than the stack is: the Markdown parser is recursive. */
function readBlocks(text: string, start: number, format: ScriptFormat, names: SpeakerNames): ScriptBlocks | undefined {
  try {
    if (format === 'text') return plainBlocks(text);
    return format === 'markdown' ? markdownBlocks(text, start) : screenplayBlocks(text, start, (name) => names.isKnown(name));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A heading of the first level that stands alone above others is the title, not a chapter. */
function takeTitle(read: ScriptBlocks): string | undefined {
  const [first] = read.blocks;
  if (first?.type !== 'chapter' || first.level !== 1 || first.title === '') return undefined;
  const others = read.blocks.slice(1).filter((block) => block.type === 'chapter');
  if (others.length === 0 || others.some(({ level }) => level === 1)) return undefined;
  read.blocks.shift();
  return first.title;
}

/** Makes the elements of the blocks, and reports what is wrong with their speakers and markup. */
class ElementReader {
  readonly #lines: LineMap;
  readonly #problems: ProblemList;
  readonly #names: SpeakerNames;
  readonly #audioTags: boolean;
  readonly #elements: ScriptElement[] = [];

  constructor(lines: LineMap, problems: ProblemList, names: SpeakerNames, audioTags: boolean) {
    this.#lines = lines;
    this.#problems = problems;
    this.#names = names;
    this.#audioTags = audioTags;
  }

  read({ blocks, cues }: ScriptBlocks, format: ScriptFormat): ScriptElement[] {
    const speaking = new Set<Cue>();
    for (const block of blocks) {
      if (block.type === 'chapter') {
        if (block.title === '') this.#problems.add(block.offset, 'The chapter has no title.');
        this.#elements.push({ type: 'chapter', title: block.title, ...this.#lines.position(block.offset) });
      } else if (this.#paragraph(block.text, block.cue ? this.#names.canonical(block.cue.speaker) : NARRATOR)) {
        if (block.cue) speaking.add(block.cue);
        else if (format === 'screenplay') this.#withoutSpeaker(block.text);
      }
    }
    this.#checkCues(cues, speaking);
    return this.#elements;
  }

  /** Whether anything is spoken. */
  #paragraph(paragraph: MappedText, speaker: string): boolean {
    const parts = splitAtPauses(paragraph, this.#audioTags, this.#problems);
    for (const part of parts) {
      if (part.type === 'text') this.#elements.push(this.#speech(part.text, speaker));
      else this.#elements.push({ type: 'pause', ms: part.ms, ...this.#lines.position(part.offset) });
    }
    return parts.some(({ type }) => type === 'text');
  }

  #speech(text: MappedText, speaker: string): SpeechElement {
    const anchors = text.anchors.map(({ index, offset }) => ({ index, ...this.#lines.position(offset) }));
    return { type: 'speech', speaker, text: text.text, ...this.#lines.position(text.offsetAt(0)), anchors };
  }

  #withoutSpeaker(text: MappedText): void {
    this.#problems.add(text.offsetAt(0), 'This text has no speaker. Begin the line with a name, as in "HOST: …".');
  }

  #checkCues(cues: readonly Cue[], speaking: ReadonlySet<Cue>): void {
    const reported = new Set<string>();
    for (const cue of cues) {
      const name = this.#names.canonical(cue.speaker);
      if (!speaking.has(cue)) this.#problems.add(cue.offset, `The speaker "${name}" has no text.`);
      if (this.#names.isEmpty || this.#names.isKnown(name) || reported.has(name)) continue;
      reported.add(name);
      this.#problems.add(cue.offset, `The speaker "${name}" has no voice. Speakers with a voice: ${this.#names.list}.`);
    }
  }
}
