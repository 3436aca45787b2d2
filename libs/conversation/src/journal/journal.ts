import type { AgentTurnEffect } from '../agent-turns/agent-turn-effect';
import type { AgentTurnEvent } from '../agent-turns/agent-turn-event';
import type { AgentTurnPolicy } from '../agent-turns/agent-turn-state';
import type { TurnEffect } from '../turns/turn-effect';
import type { TurnEvent } from '../turns/turn-event';
import type { TurnPolicy } from '../turns/turn-policy';

/**
 * The record of one session of the pipeline: every event that its turn engine received and what it decided, so that another version of the
 * engine can be given the same events. It is written as JSON lines: the header, and then one entry per line in the order in which things
 * happened.
 */
export interface Journal extends JournalBody<TurnEvent, TurnEffect> {
  engine: 'pipeline';
  header: JournalHeader;
}

/** The same record for a conversation with an agent. */
export interface AgentJournal extends JournalBody<AgentTurnEvent, AgentTurnEffect> {
  engine: 'agent';
  header: AgentJournalHeader;
}

export type AnyJournal = Journal | AgentJournal;

interface JournalBody<Event, Effect> {
  entries: readonly JournalEntry<Event, Effect>[];
  /** Whether the last line was cut off, because the server was stopped or the disk was full. Everything before it is complete. */
  truncated: boolean;
}

/** Increased when older journals can no longer be read. */
export const JOURNAL_VERSION = 1;

interface Header {
  version: typeof JOURNAL_VERSION;
  session: string;
  /** Wall clock, ISO 8601. */
  startedAt: string;
  /** The audio files that belong to the journal, by file name. Undefined when only the decisions were kept. */
  audio?: JournalAudio;
}

export interface JournalHeader extends Header {
  policy: TurnPolicy;
  /** The end-of-turn hint that was used, by its name in `KNOWN_HINTS`. */
  hint: string;
}

export interface AgentJournalHeader extends Header {
  engine: 'agent';
  policy: AgentTurnPolicy;
}

export interface JournalAudio {
  /** The audio of the microphone, from the zero of the audio clock on. */
  microphone: { file: string; sampleRateHz: number };
  /** The audio that was sent to the client. Its pieces are entries of the journal. */
  speech: { file: string; sampleRateHz: number };
}

export type JournalEntry<Event = TurnEvent, Effect = TurnEffect> = JournalStep<Event, Effect> | JournalSpeech;

/** One event and the decision of the engine. */
export interface JournalStep<Event = TurnEvent, Effect = TurnEffect> {
  kind: 'step';
  /** From 1; the header is line 1. */
  line: number;
  /** Its audio is replaced by silence of the same length. */
  event: Event;
  effects: readonly Effect[];
  /** The answers of the end-of-turn hint, in milliseconds, one for each time it was asked. Empty in conversations with an agent. */
  hints: readonly number[];
}

/** One piece of speech that was sent to the client. */
export interface JournalSpeech {
  kind: 'speech';
  line: number;
  /** On the monotonic clock, as in the events. */
  atMs: number;
  turn: number;
  seq: number;
  /** Its length in the file of sent speech, which holds the pieces one after another. */
  samples: number;
  last: boolean;
}

/** Says why a text is not a journal, with the number of the line (from 1) where one line is at fault. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(line === undefined ? message : `line ${line}: ${message}`);
  }
}
