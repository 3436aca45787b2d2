/**
 * The marks that open models put into their text when the server does not take them out: around what they think, between the messages of a
 * conversation, and at a message's end. How they are written differs from model family to model family.
 */

/** What a mark means for the text behind it. */
export type Meaning =
  /** What the model thinks follows, up to a mark that closes it. */
  | 'thought'
  /** The end of what the model thinks. */
  | 'thought-end'
  /** The reply follows. */
  | 'reply'
  /** Somebody else's message follows: the model plays the user, or a tool. */
  | 'foreign'
  /** Nothing: it is left out. */
  | 'nothing';

export interface Marker {
  /** Where it begins in the text. */
  start: number;
  /** Where the text behind it begins. */
  end: number;
  meaning: Meaning;
}

const THOUGHT_NAMES = 'seed:think|antthinking|thinking|think|thoughts|thought|reasoning|reflection|scratchpad';
const ROLE = 'assistant|model|user|system|developer|tool|function|ipython|human';
/** `<|im_end|>`, or with the wide bars of DeepSeek. */
const CONTROL = '<[|｜][^\\s<>|｜]{1,40}[|｜]>';

const MARKERS = new RegExp(
  [
    `<(?<tagEnd>/?)(?:${THOUGHT_NAMES})\\s*>`,
    '\\[(?<bracketEnd>/?)THINK\\]',
    '◁(?<triangleEnd>/?)think▷',
    '(?<channelStart><\\|channel>)(?:thought)?',
    '(?<channelEnd><channel\\|>)',
    `(?<header><\\|(?:im_start|start_header_id|start)\\|>|<start_of_turn>)\\s*(?<role>${ROLE})?`,
    '<\\|channel\\|>\\s*(?<channel>[a-z]+)?',
    `(?<control>${CONTROL}|<end_of_turn>|<eos>|\\[/?INST\\])`,
    // Also the sign for struck-out text, which does not end a reply.
    '(?<last></s>)(?=\\s*$)',
  ].join('|'),
  'gu',
);

const THOUGHT_CONTROL = /begin_of_thought|start_thinking/i;
const THOUGHT_END_CONTROL = /end_of_thought|end_thinking/i;
const FOREIGN_CONTROL = /^<[|｜](?:user|system|tool|observation)[|｜]>$/i;
const REPLY_CONTROL = /^<[|｜](?:assistant|model|end|start_response|begin_of_solution)[|｜]>$/i;
const OWN_ROLES: ReadonlySet<string | undefined> = new Set([undefined, 'assistant', 'model']);

/** How a mark may begin at the end of a text that goes on. */
const UNFINISHED = [
  /<[|｜][^\s<>|｜]{0,40}[|｜]?$/u,
  new RegExp(`(?:<\\|(?:im_start|start_header_id|start|channel)\\|>|<start_of_turn>|<\\|channel>)\\s*[a-z]*$`, 'u'),
  /<[/a-z|:_]{0,20}\s?$/iu,
  /\[\/?(?:T(?:H(?:I(?:NK?)?)?)?|I(?:N(?:ST?)?)?)?$/u,
  /◁\/?[a-z]{0,5}$/u,
  /<\/s>\s*$/u,
];
const WORDS = [
  ...THOUGHT_NAMES.split('|').flatMap((name) => [`<${name}>`, `</${name}>`]),
  ...['<start_of_turn>', '<end_of_turn>', '<eos>', '<channel|>', '<|channel>'],
];

/** A mark in code or in quotes is spoken of, not used. */
const QUOTES: Readonly<Record<string, string>> = { '`': '`', '"': '"', "'": "'", '“': '”', '‘': '’', '«': '»' };

export interface MarkerSearch {
  /** What stood before the text. */
  before: string;
  /** No more text comes. */
  isWhole: boolean;
}

/** The first mark in `text`; `open` where that depends on what follows. */
export function findMarker(text: string, { before, isWhole }: MarkerSearch): Marker | 'open' | undefined {
  for (const match of text.matchAll(MARKERS)) {
    const { index: start } = match;
    const end = start + match[0].length;
    if (match.groups?.['last'] !== undefined && !isWhole) continue;
    const closing = QUOTES[(before + text.slice(0, start)).at(-1) ?? ''];
    if (closing !== undefined && end === text.length && !isWhole) return 'open';
    if (closing !== undefined && text[end] === closing) continue;
    return { start, end, meaning: meaningOf(match.groups ?? {}) };
  }
  return undefined;
}

/** Where a mark may begin of which the end of `text` is a part; its length where none may. */
export function unfinishedMarker(text: string): number {
  const starts = UNFINISHED.flatMap((pattern) => {
    const index = text.search(pattern);
    return index >= 0 && isPossible(text.slice(index)) ? [index] : [];
  });
  return Math.min(text.length, ...starts);
}

function isPossible(tail: string): boolean {
  if (!/^<[/a-z]/iu.test(tail) || /^<\/s>|^<start_of_turn>/u.test(tail)) return true;
  const bare = tail.trimEnd();
  return WORDS.some((word) => word.startsWith(bare) || (bare !== tail && word === `${bare}>`)) || '</s>'.startsWith(tail);
}

function meaningOf(groups: Record<string, string | undefined>): Meaning {
  const { header, role, channel, control = '' } = groups;
  const end = groups['tagEnd'] ?? groups['bracketEnd'] ?? groups['triangleEnd'];
  if (end !== undefined) return end === '' ? 'thought' : 'thought-end';
  if (groups['channelStart'] !== undefined) return 'thought';
  if (groups['channelEnd'] !== undefined) return 'thought-end';
  if (header !== undefined) return OWN_ROLES.has(role) ? 'reply' : 'foreign';
  if (channel !== undefined) return channel === 'final' ? 'reply' : 'thought';
  if (THOUGHT_CONTROL.test(control)) return 'thought';
  if (THOUGHT_END_CONTROL.test(control)) return 'thought-end';
  if (FOREIGN_CONTROL.test(control)) return 'foreign';
  return REPLY_CONTROL.test(control) ? 'reply' : 'nothing';
}
