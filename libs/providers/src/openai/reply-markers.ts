/**
 * The tags and control tokens that open models put into their text if the server does not remove them: around their reasoning, between the
 * messages of a conversation, and at the end of a message. Their form differs between model families.
 */

/** What a tag or token means for the text after it. */
export type Meaning =
  /** Reasoning follows, up to a tag that closes it. */
  | 'thought'
  /** The end of the reasoning. */
  | 'thought-end'
  /** The reply follows. */
  | 'reply'
  /** A message of somebody else follows: the model writes in the role of the user or of a tool. */
  | 'foreign'
  /** No meaning: the token is only left out. */
  | 'nothing';

export interface Marker {
  /** The position in the text at which it begins. */
  start: number;
  /** The position at which the text after it begins. */
  end: number;
  meaning: Meaning;
}

const THOUGHT_NAMES = 'seed:think|antthinking|thinking|think|thoughts|thought|reasoning|reflection|scratchpad';
const ROLE = 'assistant|model|user|system|developer|tool|function|ipython|human';
/** A control token such as `<|im_end|>`, also with the wide bars of DeepSeek. */
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
    // `</s>` also closes strikethrough text, which does not end a reply, so it counts only at the end of the text.
    '(?<last></s>)(?=\\s*$)',
  ].join('|'),
  'gu',
);

const THOUGHT_CONTROL = /begin_of_thought|start_thinking/i;
const THOUGHT_END_CONTROL = /end_of_thought|end_thinking/i;
const FOREIGN_CONTROL = /^<[|｜](?:user|system|tool|observation)[|｜]>$/i;
const REPLY_CONTROL = /^<[|｜](?:assistant|model|end|start_response|begin_of_solution)[|｜]>$/i;
const OWN_ROLES: ReadonlySet<string | undefined> = new Set([undefined, 'assistant', 'model']);

/** Matches the end of a text that may be the beginning of a tag or token. */
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

/** Quotation marks by their opening form. A tag in code or in quotation marks is mentioned, not used. */
const QUOTES: Readonly<Record<string, string>> = { '`': '`', '"': '"', "'": "'", '“': '”', '‘': '’', '«': '»' };

export interface MarkerSearch {
  /** The text before the searched text. */
  before: string;
  /** True if no more text follows. */
  isWhole: boolean;
}

/** Finds the first tag or token in `text`. Returns `open` if that depends on the text that follows. */
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

/** Returns the position at which a tag may begin that the end of `text` is a part of, or the length of `text` if there is none. */
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
