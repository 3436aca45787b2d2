import type { TurnEffect } from '../lib/turn-effect';
import type { TurnEvent } from '../lib/turn-event';
import { type Journal, JOURNAL_VERSION, type JournalAudio, type JournalEntry, JournalError, type JournalHeader } from './journal';
import { policyFrom } from './journal-policy';
import { fromPlain, type Plain } from './plain-value';

const EVENT_TYPES: Readonly<Record<TurnEvent['type'], true>> = {
  conversation_started: true,
  conversation_ended: true,
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

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a journal. A last line that was cut off is left out and told of; anything else that is no journal of this version throws a
 * `JournalError` with its line.
 */
export function decodeJournal(text: string): Journal {
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const [first = '', ...rest] = lines;
  const header = headerFrom(fieldsOf(first, 1));
  const entries: JournalEntry[] = [];
  for (const [index, line] of rest.entries()) {
    const isCutOff = !ended && index === rest.length - 1;
    if (isCutOff && !isWhole(line)) return { header, entries, truncated: true };
    entries.push(entryFrom(fieldsOf(line, index + 2), index + 2));
  }
  return { header, entries, truncated: false };
}

/** Whether the line is JSON to its end: a line that only lacks its line end has lost nothing. */
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

function headerFrom({ journal: version, session, startedAt, hint, audio, policy }: Fields): JournalHeader {
  if (version === undefined) throw new JournalError('this is no header of a journal', 1);
  if (version !== JOURNAL_VERSION) throw new JournalError(`this is a journal of version ${String(version)}, not ${JOURNAL_VERSION}`, 1);
  if (typeof session !== 'string' || typeof startedAt !== 'string' || typeof hint !== 'string' || !isFields(policy)) {
    throw new JournalError('the header lacks the session, its start, its hint or its policy', 1);
  }
  return { version, session, startedAt, hint, policy: policyFrom(policy), ...(audio !== undefined && { audio: audioFrom(audio) }) };
}

function audioFrom(audio: unknown): JournalAudio {
  if (!isFields(audio) || !isAudioFile(audio['microphone']) || !isAudioFile(audio['speech'])) {
    throw new JournalError('the header does not name the files of the audio', 1);
  }
  return { microphone: audio['microphone'], speech: audio['speech'] };
}

const isAudioFile = (value: unknown): value is JournalAudio['speech'] =>
  isFields(value) && typeof value['file'] === 'string' && typeof value['sampleRateHz'] === 'number';

function entryFrom({ event, effects = [], hints = [], sent }: Fields, line: number): JournalEntry {
  if (isFields(sent)) return speechFrom(sent, line);
  if (!isEvent(event)) throw new JournalError('there is no event that this version knows', line);
  if (!Array.isArray(effects) || !effects.every((effect) => isFields(effect) && typeof effect['type'] === 'string')) {
    throw new JournalError('the effects are no list of effects', line);
  }
  if (!isNumbers(hints)) throw new JournalError('the hints are no list of numbers', line);
  return { kind: 'step', line, event, effects: effects as TurnEffect[], hints };
}

function speechFrom({ atMs, turn, seq, samples, last }: Fields, line: number): JournalEntry {
  const numbers = [atMs, turn, seq, samples];
  if (!isNumbers(numbers) || typeof last !== 'boolean') throw new JournalError('a piece of speech lacks a field', line);
  const [atNumber = 0, turnNumber = 0, seqNumber = 0, sampleCount = 0] = numbers;
  return { kind: 'speech', line, atMs: atNumber, turn: turnNumber, seq: seqNumber, samples: sampleCount, last };
}

/** The engine trusts its events' fields, as it does in the server: what a writer has written is not checked one by one. */
const isEvent = (value: unknown): value is TurnEvent =>
  isFields(value) && typeof value['type'] === 'string' && Object.hasOwn(EVENT_TYPES, value['type']) && typeof value['atMs'] === 'number';

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((item) => typeof item === 'number');

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
