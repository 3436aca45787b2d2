import { bare, heardText, type Mark, newSpoken, PlayoutClock, type Spoken, type TurnMarks, withMark } from '@parley/conversation';
import type { ConversationEventOf, PlaybackReport } from '../ports';
import type { CharacterAlignment } from '@parley/providers';

export interface AgentReplyOptions {
  turn: number;
  /** What it answers; nothing where the agent speaks by itself. */
  userText: string | undefined;
  marks: TurnMarks;
  outputRateHz: number;
  /** What a listener's player buffers before it starts. */
  playerBufferMs: number;
}

/** A player that reports no progress for this long after all must have been played stands still. */
const STUCK_MS = 2_000;
/** Faster than most voices speak. */
const ORDINARY_MS_PER_CHARACTER = 50;
/** Times of an alignment are whole milliseconds. */
const ROUNDING_MS = 20;
/** So many letters at the end tell one text from another. */
const TAIL_LETTERS = 12;

/** What is known of one reply of the agent: its text, how much audio came, left and was heard, and when. Times are of the monotonic clock. */
export class AgentReply {
  readonly turn: number;
  readonly userText: string | undefined;
  /** All of its text that is known. */
  text = '';
  /** Moment of the last news of it. */
  newsAtMs: number;
  /** No more of it comes, although not all of its text was spoken. */
  isCutShort = false;
  private marks: TurnMarks;
  /** Text that came in pieces and was not confirmed yet. */
  private parts = '';
  private spoken: Spoken = newSpoken(0);
  private alignedLetters = '';
  /** Its audio came before any text of it. */
  private isTextLate = false;
  /** When the last aligned letter will have been spoken. */
  private alignedUntilMs = 0;
  private playout = PlayoutClock.START;
  /** When the client last reported that it has played more than before. */
  private progressAtMs = 0;

  constructor(
    private readonly options: AgentReplyOptions,
    atMs: number,
  ) {
    this.turn = options.turn;
    this.userText = options.userText;
    this.marks = options.marks;
    this.newsAtMs = atMs;
  }

  /** All of its text that has come, confirmed or not. */
  get textSoFar(): string {
    return this.text === '' || this.parts === '' ? this.text + this.parts : `${this.text} ${this.parts.trimStart()}`;
  }

  get hasAudio(): boolean {
    return this.spoken.producedMs > 0;
  }

  /** True once its alignment has reached the end of its text, and its audio has: no more comes. */
  get isWhole(): boolean {
    const letters = bare(this.text);
    if (letters === '' || this.alignedUntilMs > this.spoken.producedMs + ROUNDING_MS) return false;
    return this.alignedLetters.length >= letters.length && this.alignedLetters.endsWith(letters.slice(-TAIL_LETTERS));
  }

  get hasText(): boolean {
    return this.textSoFar.trim() !== '';
  }

  /** How long its text takes to say, about, and how much of that is still to come; 0 once it is whole. */
  get unspoken(): { ofMs: number; leftMs: number } {
    const ofMs = this.textSoFar.length * ORDINARY_MS_PER_CHARACTER;
    return { ofMs, leftMs: this.isWhole ? 0 : Math.max(0, ofMs - this.spoken.producedMs) };
  }

  /** Its text came behind audio of it, which may have been all. */
  get isTextBehindAudio(): boolean {
    return this.isTextLate;
  }

  /** Forgets its text. */
  startOver(): void {
    this.text = '';
    this.parts = '';
  }

  /** A piece of text. */
  addPart(text: string, atMs: number): void {
    this.textComes(atMs);
    this.mark('llm_first_token', atMs);
    this.parts += text;
  }

  /** A whole text; what of it is new. An agent may say several things in a turn. */
  addText(text: string, atMs: number): string {
    this.textComes(atMs);
    const known = text.startsWith(this.parts) ? this.parts : text;
    const before = this.text === '' ? '' : ' ';
    this.text += before + text;
    this.parts = '';
    return known === '' ? before + text : text.slice(known.length);
  }

  /** Takes the text that came in pieces for whole; false where there is none. */
  confirmParts(): boolean {
    if (this.parts === '') return false;
    this.text = this.textSoFar;
    this.parts = '';
    return true;
  }

  /** Puts what was heard in the place of what was to be said; false where that is not part of this reply. */
  correct(original: string, heard: string): boolean {
    if (original === '' || !this.text.includes(original)) return false;
    this.text = this.text.replace(original, () => heard);
    return true;
  }

  addAudio(pcm: Int16Array, alignment: CharacterAlignment | undefined, atMs: number): void {
    this.newsAtMs = atMs;
    this.mark('tts_first_audio', atMs);
    const { producedMs } = this.spoken;
    if (alignment) {
      this.spoken.alignments = [
        ...this.spoken.alignments,
        { ...alignment, startMs: alignment.startMs.map((startMs) => startMs + producedMs) },
      ];
      this.alignedLetters += bare(alignment.chars.join(''));
      const ends = alignment.startMs.map((startMs, index) => producedMs + startMs + (alignment.durationMs[index] ?? 0));
      this.alignedUntilMs = Math.max(this.alignedUntilMs, ...ends);
    }
    this.spoken.producedMs = producedMs + (pcm.length * 1000) / this.options.outputRateHz;
  }

  /** Audio has left for the client. */
  sent(durationMs: number, atMs: number): void {
    this.playout = this.playout.sent(durationMs, atMs, this.options.playerBufferMs);
    this.mark('audio_sent', atMs);
  }

  played({ playedMs }: PlaybackReport, atMs: number): void {
    if (this.playout.sentMs === 0) return;
    const before = this.playout.reportedMs;
    this.playout = this.playout.reported(playedMs, atMs);
    const { reportedMs = 0 } = this.playout;
    if (reportedMs !== before) this.progressAtMs = atMs;
    // A client may report more than it can have heard: nothing is played before it was sent.
    this.mark('playback_started', Math.max(atMs - reportedMs, this.marks.audio_sent ?? atMs));
  }

  /** Audio that is still to be heard: by the client's reports, or as a listener without a hiccup hears it. */
  leftMs(atMs: number): number {
    return Math.max(0, this.spoken.producedMs - this.playout.playedMs(atMs));
  }

  /** The client reported that it plays, and has ceased to get on. */
  isStuck(atMs: number): boolean {
    return this.playout.reportedMs !== undefined && atMs >= Math.max(this.progressAtMs, this.playout.endsAtMs) + STUCK_MS;
  }

  /** The words that were heard; undefined where nothing was said. */
  heard(atMs: number): string | undefined {
    if (this.hasAudio) return this.wordsUntil(this.playout.playedMs(atMs));
    return this.textSoFar === '' ? undefined : '';
  }

  /** No more of it comes. The words that were spoken. */
  cutShort(): string {
    const spoken = this.wordsUntil(this.spoken.producedMs);
    this.isCutShort = bare(spoken) !== bare(this.textSoFar);
    return spoken;
  }

  /**
   * What the turn has taken; undefined where no user's turn came before. The vendor tells when it knew the words and not when the voice
   * ended, so spoken turns count from the final transcript, and have no `speech_end`.
   */
  measured(heardText?: string): ConversationEventOf<'turn_measured'> | undefined {
    const zeroMs = this.marks.speech_end ?? this.marks.stt_final;
    if (zeroMs === undefined) return undefined;
    const since = Object.entries(this.marks).map(([name, atMs]) => [name, Math.round((atMs - zeroMs) * 10) / 10]);
    return {
      type: 'turn_measured',
      turn: this.turn,
      marks: Object.fromEntries(since),
      speculative: false,
      ...(heardText !== undefined && { heardText }),
    };
  }

  private textComes(atMs: number): void {
    this.newsAtMs = atMs;
    this.isTextLate ||= !this.hasText && this.hasAudio;
  }

  private wordsUntil(playedMs: number): string {
    return heardText([{ ...this.spoken, pieces: [this.textSoFar], ended: this.isWhole }], playedMs);
  }

  private mark(mark: Mark, atMs: number): void {
    this.marks = withMark(this.marks, mark, atMs);
  }
}
