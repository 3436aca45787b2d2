import { APIError } from 'openai';
import { asNumber, asObject } from '../shared/json';

/** Parts of a request that are left out if a server refuses them, in the order in which they are suspected. */
export const OPTIONAL_PARAMETERS = [
  'tools',
  'stream_options',
  'max_completion_tokens',
  'max_tokens',
  'reasoning_effort',
  'temperature',
  'stream',
] as const;
export type OptionalParameter = (typeof OPTIONAL_PARAMETERS)[number];

/** What a server is known not to accept. Instances are immutable. */
export interface ServerDialect {
  without: ReadonlySet<OptionalParameter>;
  /** The chat template of the server has no system message, so its words go into the first user message. */
  refusesSystem: boolean;
  /** The chat template of the server requires that the last message is from the user. */
  refusesAssistantLast: boolean;
  /** The highest number of characters of all messages together that the server accepts. */
  maxCharacters: number;
}

export const PLAIN_DIALECT: ServerDialect = {
  without: new Set(),
  refusesSystem: false,
  refusesAssistantLast: false,
  maxCharacters: Infinity,
};

/** Those parts of a sent request that a server may refuse. */
export interface SentRequest {
  parameters: ReadonlySet<string>;
  messages: readonly { role: string; content: string }[];
}

/** Statuses with which servers refuse a request. Some chat templates fail with a server error. An error within the answer has no status. */
const EXCEPTION: ReadonlySet<number | undefined> = new Set([undefined, 400, 413, 422, 500, 501]);

const TOO_LONG = /context[_ ](?:length|size|window)|maximum context|too many tokens|prompt is too long/i;
const ABOUT_SYSTEM = /\b(?:system|developer)\b/i;
/** Distinguishes an error about a system message from an error of the system, and a refused message from one that is only mentioned. */
const ABOUT_MESSAGES = /\brole|message|prompt|instruction|template/i;
const NEGATION = /\bnot\b|n't\b|unsupported|unexpected|unknown/i;
const ABOUT_ROLES = /\brole|alternat|template|jinja/i;
const ABOUT_LAST = /\b(?:last|final|prefix|assistant|ends? with|generation.prompt)\b/i;

/**
 * Returns the dialect with which to ask again, judging by what the error names, or undefined if it names nothing that can be left out. Only
 * fields that describe the error are read, because some servers quote the request as well.
 */
export function learnFrom(error: unknown, sent: SentRequest, dialect: ServerDialect): ServerDialect | undefined {
  if (!(error instanceof APIError) || !EXCEPTION.has(error.status)) return undefined;
  const { fields, prose } = descriptionOf(error);
  const parameter = refusedParameter(fields, prose, sent);
  if (parameter) return { ...dialect, without: new Set([...dialect.without, parameter]) };
  const text = [...fields, prose].join(' ');
  if (error.status === 413 || TOO_LONG.test(text)) return shortened(sent, dialect);
  return relearnedRoles(text, sent, dialect);
}

/**
 * Returns the parameter that the error names, either in a field for names or in its text. In the text the first name counts, because the
 * others may be suggestions of what to use instead.
 */
function refusedParameter(fields: readonly string[], prose: string, { parameters }: SentRequest): OptionalParameter | undefined {
  const sent = OPTIONAL_PARAMETERS.filter((name) => parameters.has(name));
  const inField = sent.find((name) => fields.some((field) => field === name || (name !== 'tools' && field.startsWith(`${name}.`))));
  if (inField) return inField;
  const [first] = sent
    .map((name) => ({ name, index: prose.search(namePattern(name)) }))
    .filter(({ index }) => index >= 0)
    .sort((a, b) => a.index - b.index);
  return first?.name;
}

/**
 * Servers without tools name them in many ways. A path into the list of tools is about a tool, not about the parameter: without it the
 * request would go through, and nobody would notice that the tool is wrong.
 */
const ABOUT_TOOLS = /(?<![\w-])tools(?!\.?[\w-]|\[)|\btool[_ ](?:choice|calls?|calling|use)\b|\bfunction[_ ]calling\b|\brole\W+tool\b/i;

/** `stream` is also a common word, so it counts as the parameter only in quotation marks. */
function namePattern(name: OptionalParameter): RegExp {
  if (name === 'tools') return ABOUT_TOOLS;
  return name === 'stream' ? /['"`]stream['"`]/ : new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
}

function shortened({ messages }: SentRequest, dialect: ServerDialect): ServerDialect | undefined {
  const turns = messages.filter(({ role }) => role !== 'system');
  // The results of tools are never sent without the question that they are for.
  const kept = turns.at(-1)?.role === 'tool' ? turns.length - turns.findLastIndex(({ role }) => role === 'user') : 1;
  if (turns.length <= kept) return undefined;
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  return { ...dialect, maxCharacters: Math.floor(Math.min(characters, dialect.maxCharacters) / 2) };
}

/** Messages already alternate, so a template can refuse only the system message, the results of tools, or an assistant message at the end. */
function relearnedRoles(text: string, { messages }: SentRequest, dialect: ServerDialect): ServerDialect | undefined {
  const hasSystem = messages.some(({ role }) => role === 'system');
  const endsOnAssistant = messages.at(-1)?.role === 'assistant';
  const names = (...patterns: RegExp[]): boolean => patterns.every((pattern) => pattern.test(text));
  if (hasSystem && names(ABOUT_SYSTEM, ABOUT_MESSAGES, NEGATION)) return { ...dialect, refusesSystem: true };
  // Templates without tools know no more than two roles.
  if (messages.some(({ role }) => role === 'tool') && names(ABOUT_ROLES))
    return { ...dialect, without: new Set([...dialect.without, 'tools']) };
  if (endsOnAssistant && (names(ABOUT_ROLES) || names(ABOUT_LAST))) return { ...dialect, refusesAssistantLast: true };
  return hasSystem && names(ABOUT_ROLES) ? { ...dialect, refusesSystem: true } : undefined;
}

/** Fields whose value is a name or a path to one. */
const NAME_FIELDS = new Set(['param', 'parameter', 'loc', 'field', 'code', 'type']);
/** Fields that contain a description or further such fields. */
const PROSE_FIELDS = new Set(['message', 'msg', 'detail', 'details', 'error', 'errors', 'reason', 'title']);

interface Description {
  fields: readonly string[];
  prose: string;
}

function descriptionOf(error: APIError): Description {
  const fields: string[] = [];
  const prose: string[] = [];
  const visit = (value: unknown, isName: boolean, depth: number): void => {
    if (typeof value === 'string') (isName ? fields : prose).push(value);
    else if (Array.isArray(value) && depth > 0) for (const item of value as unknown[]) visit(item, isName, depth - 1);
    else if (depth > 0) {
      for (const [name, inner] of Object.entries(asObject(value) ?? {})) {
        if (NAME_FIELDS.has(name)) visit(inner, true, depth - 1);
        else if (PROSE_FIELDS.has(name)) visit(inner, false, depth - 1);
      }
    }
  };
  const body: unknown = error.error;
  // If the answer is not JSON, its text is in the message.
  visit(body === undefined || asNumber(body) !== undefined ? error.message : body, false, 6);
  return { fields, prose: prose.join(' ') };
}
