import { bare, heardText, newSpoken, type Spoken } from '../playout/heard-text';
import { PlayoutClock } from '../playout/playout-clock';
import type { SpeechAudio } from '../turns/turn-event';
import { type Mark, type TurnMarks, withMark } from '../turns/turn-marks';

/**
 * What is known about one reply of the agent: its text, how much of its audio has arrived, was sent and was heard, and when. Immutable.
 * Times are milliseconds of the monotonic clock.
 */
export interface AgentReply {
  readonly turn: number;
  /** The words that it answers. Undefined when the agent speaks without being asked. */
  readonly userText: string | undefined;
  readonly marks: TurnMarks;
  /** All confirmed text. */
  readonly text: string;
  /** Text that arrived in pieces and is not confirmed yet. */
  readonly parts: string;
  /** When text or audio of it last arrived. */
  readonly lastEventAtMs: number;
  /** Whether nothing more will arrive, although not all of its text was spoken. */
  readonly isCutShort: boolean;
  readonly spoken: Spoken;
  readonly alignedLetters: string;
  /** When the last aligned letter will have been spoken, in milliseconds from the start of its audio. */
  readonly alignedUntilMs: number;
  /** Whether its text arrived after some of its audio, which may have been all of its audio. */
  readonly isTextLate: boolean;
  readonly playout: PlayoutClock;
  /** When the client last reported that it has played more than before. */
  readonly progressAtMs: number;
}

/** A player counts as stopped when it reports no progress for this long after all of its audio should have been played. */
const STUCK_MS = 2_000;
/** A speaking pace, in milliseconds per character, that is faster than that of most voices. */
const ORDINARY_MS_PER_CHARACTER = 50;
/** The times of an alignment are rounded to whole milliseconds. */
const ROUNDING_MS = 20;
/** This many letters at the end are enough to tell one text from another. */
const TAIL_LETTERS = 12;

export const newAgentReply = (turn: number, userText: string | undefined, marks: TurnMarks, atMs: number): AgentReply => ({
  turn,
  userText,
  marks,
  text: '',
  parts: '',
  lastEventAtMs: atMs,
  isCutShort: false,
  spoken: newSpoken(0),
  alignedLetters: '',
  alignedUntilMs: 0,
  isTextLate: false,
  playout: PlayoutClock.START,
  progressAtMs: 0,
});

/** All text that has arrived, confirmed or not. */
export const textSoFar = ({ text, parts }: AgentReply): string =>
  text === '' || parts === '' ? text + parts : `${text} ${parts.trimStart()}`;

export const hasText = (reply: AgentReply): boolean => textSoFar(reply).trim() !== '';

export const hasAudio = ({ spoken }: AgentReply): boolean => spoken.producedMs > 0;

/** Whether both the alignment and the audio have reached the end of the text, so that no more audio will come. */
export function isWhole({ text, spoken, alignedLetters, alignedUntilMs }: AgentReply): boolean {
  const letters = bare(text);
  if (letters === '' || alignedUntilMs > spoken.producedMs + ROUNDING_MS) return false;
  return alignedLetters.length >= letters.length && alignedLetters.endsWith(letters.slice(-TAIL_LETTERS));
}

/** About how long the whole text takes to say (`ofMs`), and how much of that is still to come (`leftMs`, 0 once the reply is whole). */
export function unspoken(reply: AgentReply): { ofMs: number; leftMs: number } {
  const ofMs = textSoFar(reply).length * ORDINARY_MS_PER_CHARACTER;
  return { ofMs, leftMs: isWhole(reply) ? 0 : Math.max(0, ofMs - reply.spoken.producedMs) };
}

/** Removes the text. */
export const withoutText = (reply: AgentReply): AgentReply => ({ ...reply, text: '', parts: '' });

/** Adds a piece of text. */
export const withPart = (reply: AgentReply, text: string, atMs: number): AgentReply => {
  const told = withMarkAt(textComes(reply, atMs), 'llm_first_token', atMs);
  return { ...told, parts: told.parts + text };
};

/** Adds a whole text and returns the part of it that is new. An agent may send several texts in one turn. */
export function withText(reply: AgentReply, text: string, atMs: number): { reply: AgentReply; added: string } {
  const told = textComes(reply, atMs);
  const known = text.startsWith(told.parts) ? told.parts : text;
  const before = told.text === '' ? '' : ' ';
  const added = known === '' ? before + text : text.slice(known.length);
  return { reply: { ...told, text: told.text + before + text, parts: '' }, added };
}

/** Treats the text that arrived in pieces as complete. */
export const withPartsConfirmed = (reply: AgentReply): AgentReply => ({ ...reply, text: textSoFar(reply), parts: '' });

export function withAudio(reply: AgentReply, { durationMs, alignment }: SpeechAudio, atMs: number): AgentReply {
  const told = withMarkAt({ ...reply, lastEventAtMs: atMs }, 'tts_first_audio', atMs);
  const { producedMs, alignments } = told.spoken;
  const spoken = { ...told.spoken, producedMs: producedMs + durationMs };
  if (!alignment) return { ...told, spoken };
  const startMs = alignment.startMs.map((ms) => ms + producedMs);
  const ends = startMs.map((ms, index) => ms + (alignment.durationMs[index] ?? 0));
  return {
    ...told,
    spoken: { ...spoken, alignments: [...alignments, { ...alignment, startMs }] },
    alignedLetters: told.alignedLetters + bare(alignment.chars.join('')),
    alignedUntilMs: Math.max(told.alignedUntilMs, ...ends),
  };
}

/** Audio was sent to the client. */
export const withAudioSent = (reply: AgentReply, durationMs: number, playerBufferMs: number, atMs: number): AgentReply =>
  withMarkAt({ ...reply, playout: reply.playout.sent(durationMs, atMs, playerBufferMs) }, 'audio_sent', atMs);

/** The client has reported how much it has played. */
export function withPlayed(reply: AgentReply, playedMs: number, atMs: number): AgentReply {
  if (reply.playout.sentMs === 0) return reply;
  const playout = reply.playout.reported(playedMs, atMs);
  const { reportedMs = 0 } = playout;
  const progressAtMs = reportedMs === reply.playout.reportedMs ? reply.progressAtMs : atMs;
  // A client may report more than it can have heard, but nothing is played before it was sent.
  const startedAtMs = Math.max(atMs - reportedMs, reply.marks.audio_sent ?? atMs);
  return withMarkAt({ ...reply, playout, progressAtMs }, 'playback_started', startedAtMs);
}

/** The milliseconds of audio that are still to be heard: by the client’s reports, or otherwise as an undisturbed listener would hear it. */
export const unheardMs = ({ spoken, playout }: AgentReply, atMs: number): number => Math.max(0, spoken.producedMs - playout.playedMs(atMs));

/** Whether the client has reported playback and has then stopped making progress. */
export const isStuck = ({ playout, progressAtMs }: AgentReply, atMs: number): boolean =>
  playout.reportedMs !== undefined && atMs >= Math.max(progressAtMs, playout.endsAtMs) + STUCK_MS;

/** The words that were heard. Undefined when nothing was said. */
export function heardOf(reply: AgentReply, atMs: number): string | undefined {
  if (hasAudio(reply)) return wordsUntil(reply, reply.playout.playedMs(atMs));
  return textSoFar(reply) === '' ? undefined : '';
}

/** The words that were spoken, whether they were heard or not. */
export const spokenOf = (reply: AgentReply): string => wordsUntil(reply, reply.spoken.producedMs);

function wordsUntil(reply: AgentReply, playedMs: number): string {
  return heardText([{ ...reply.spoken, pieces: [textSoFar(reply)], ended: isWhole(reply) }], playedMs);
}

const textComes = (reply: AgentReply, atMs: number): AgentReply => ({
  ...reply,
  lastEventAtMs: atMs,
  isTextLate: reply.isTextLate || (!hasText(reply) && hasAudio(reply)),
});

const withMarkAt = (reply: AgentReply, mark: Mark, atMs: number): AgentReply => ({ ...reply, marks: withMark(reply.marks, mark, atMs) });
