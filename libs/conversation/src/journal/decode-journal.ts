import type { AgentTurnEvent } from '../agent-turns/agent-turn-event';
import type { TurnEvent } from '../turns/turn-event';
import {
  type AgentJournal,
  type AgentJournalHeader,
  type AnyJournal,
  type Journal,
  JOURNAL_VERSION,
  type JournalAudio,
  type JournalEntry,
  JournalError,
  type JournalHeader,
  type JournalSpeech,
} from './journal';
import { agentPolicyFrom, policyFrom } from './journal-policy';
import { fromPlain, type Plain } from './plain-value';

const EVENT_TYPES: Readonly<Record<TurnEvent['type'], true>> = {
  conversation_started: true,
  conversation_ended: true,
  speaker_changed: true,
  turn_judged: true,
  audio_heard: true,
  transcript_changed: true,
  transcript_finished: true,
  transcription_failed: true,
  text_received: true,
  interrupt_requested: true,
  reply_text_produced: true,
  reply_text_ended: true,
  reply_audio_produced: true,
  reply_audio_ended: true,
  reply_failed: true,
  audio_sent: true,
  audio_finished: true,
  playback_reported: true,
  timer_fired: true,
};

const AGENT_EVENT_TYPES: Readonly<Record<AgentTurnEvent['type'], true>> = {
  conversation_started: true,
  conversation_ended: true,
  speaker_changed: true,
  turn_judged: true,
  agent_connected: true,
  agent_lost: true,
  agent_failed: true,
  agent_hung_up: true,
  hang_up_requested: true,
  agent_interrupted: true,
  transcript_changed: true,
  transcript_finished: true,
  text_received: true,
  interrupt_requested: true,
  reply_text_part_produced: true,
  reply_text_produced: true,
  reply_corrected: true,
  reply_audio_produced: true,
  line_ready: true,
  tool_started: true,
  tool_ended: true,
  audio_sent: true,
  audio_dropped: true,
  playback_reported: true,
  timer_fired: true,
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a journal of the pipeline. An incomplete last line is left out and reported as `truncated`. Anything else that is not a journal of
 * this version throws a `JournalError` with the number of the line.
 */
export function decodeJournal(text: string): Journal {
  const journal = decodeAnyJournal(text);
  if (journal.engine !== 'pipeline') throw new JournalError('this is a journal of a conversation with an agent', 1);
  return journal;
}

/** Like `decodeJournal`, for a journal of either engine. */
export function decodeAnyJournal(text: string): AnyJournal {
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const [first = '', ...rest] = lines;
  const fields = fieldsOf(first, 1);
  if (fields['engine'] === 'agent') {
    const header = agentHeaderFrom(fields);
    return { engine: 'agent', header, ...entriesFrom<AgentJournal['entries'][number]>(rest, ended, AGENT_EVENT_TYPES) };
  }
  const header = headerFrom(fields);
  return { engine: 'pipeline', header, ...entriesFrom<JournalEntry>(rest, ended, EVENT_TYPES) };
}

type EventTypes = Readonly<Record<string, true>>;

/** The entries of the lines after the header. `ended` says whether the last line has its line end. */
function entriesFrom<Entry>(lines: readonly string[], ended: boolean, types: EventTypes): { entries: Entry[]; truncated: boolean } {
  const entries: Entry[] = [];
  for (const [index, line] of lines.entries()) {
    const isCutOff = !ended && index === lines.length - 1;
    if (isCutOff && !isWhole(line)) return { entries, truncated: true };
    entries.push(entryFrom(fieldsOf(line, index + 2), index + 2, types) as Entry);
  }
  return { entries, truncated: false };
}

/** Whether the line is complete JSON: a line that only lacks its line end has lost nothing. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function fieldsOf(line: string, number: number): Fields {
  let value: unknown;
  try {
    value = fromPlain(JSON.parse(line) as Plain);
  } catch {
    throw new JournalError('this is no line of a journal', number);
  }
  if (!isFields(value)) throw new JournalError('this is no line of a journal', number);
  return value;
}

function headerFrom(fields: Fields): JournalHeader {
  const { hint, policy } = fields;
  const common = commonHeaderFrom(fields);
  if (typeof hint !== 'string' || !isFields(policy)) throw new JournalError('the header lacks its hint or its policy', 1);
  return { ...common, hint, policy: policyFrom(policy) };
}

function agentHeaderFrom(fields: Fields): AgentJournalHeader {
  const { policy } = fields;
  const common = commonHeaderFrom(fields);
  if (!isFields(policy)) throw new JournalError('the header lacks its policy', 1);
  return { ...common, engine: 'agent', policy: agentPolicyFrom(policy) };
}

function commonHeaderFrom({ journal: version, engine, session, startedAt, audio }: Fields): Omit<JournalHeader, 'hint' | 'policy'> {
  if (version === undefined) throw new JournalError('this is no header of a journal', 1);
  if (version !== JOURNAL_VERSION) throw new JournalError(`this is a journal of version ${String(version)}, not ${JOURNAL_VERSION}`, 1);
  if (engine !== undefined && engine !== 'pipeline' && engine !== 'agent') {
    throw new JournalError(`this is a journal of an engine that nobody knows: ${String(engine)}`, 1);
  }
  if (typeof session !== 'string' || typeof startedAt !== 'string') throw new JournalError('the header lacks the session or its start', 1);
  return { version, session, startedAt, ...(audio !== undefined && { audio: audioFrom(audio) }) };
}

function audioFrom(audio: unknown): JournalAudio {
  if (!isFields(audio) || !isAudioFile(audio['microphone']) || !isAudioFile(audio['speech'])) {
    throw new JournalError('the header does not name the files of the audio', 1);
  }
  return { microphone: audio['microphone'], speech: audio['speech'] };
}

const isAudioFile = (value: unknown): value is JournalAudio['speech'] =>
  isFields(value) && typeof value['file'] === 'string' && typeof value['sampleRateHz'] === 'number';

/** A step or a piece of speech. The valid types of events and effects depend on the engine. */
interface DecodedStep {
  kind: 'step';
  line: number;
  event: Fields;
  effects: readonly Fields[];
  hints: readonly number[];
}

function entryFrom({ event, effects = [], hints = [], sent }: Fields, line: number, types: EventTypes): DecodedStep | JournalSpeech {
  if (isFields(sent)) return speechFrom(sent, line);
  if (!isEvent(event, types)) throw new JournalError('there is no event that this version knows', line);
  if (!Array.isArray(effects) || !effects.every(isEffect)) throw new JournalError('the effects are no list of effects', line);
  if (!isNumbers(hints)) throw new JournalError('the hints are no list of numbers', line);
  return { kind: 'step', line, event, effects, hints };
}

const isEffect = (value: unknown): value is Fields => isFields(value) && typeof value['type'] === 'string';

function speechFrom({ atMs, turn, seq, samples, last }: Fields, line: number): JournalSpeech {
  const numbers = [atMs, turn, seq, samples];
  if (!isNumbers(numbers) || typeof last !== 'boolean') throw new JournalError('a piece of speech lacks a field', line);
  const [atNumber = 0, turnNumber = 0, seqNumber = 0, sampleCount = 0] = numbers;
  return { kind: 'speech', line, atMs: atNumber, turn: turnNumber, seq: seqNumber, samples: sampleCount, last };
}

/** Only the type of an event is checked. The engine trusts the other fields, as it does in the server. */
const isEvent = (value: unknown, types: EventTypes): value is Fields =>
  isFields(value) && typeof value['type'] === 'string' && Object.hasOwn(types, value['type']) && typeof value['atMs'] === 'number';

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((item) => typeof item === 'number');

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
