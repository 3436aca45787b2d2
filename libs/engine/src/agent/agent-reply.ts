import { bare, heardText, type Mark, newSpoken, type Spoken, type TurnMarks, withMark } from '@parley/conversation';
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

/** A client reports what it plays every 250 ms; one that has been silent for longer than this may have stopped playing. */
const MAX_REPORT_AGE_MS = 500;
/** A player that reports no progress for this long after all must have been played stands still. */
const STUCK_MS = 2_000;
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
  private sentMs = 0;
  private playoutEndsAtMs = 0;
  private playedMs: number | undefined;
  private playedAtMs = 0;

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

  /** True once its alignment has reached the end of its text: no more audio comes. */
  get isWhole(): boolean {
    const letters = bare(this.text);
    return letters !== '' && this.alignedLetters.length >= letters.length && this.alignedLetters.endsWith(letters.slice(-TAIL_LETTERS));
  }

  /** Forgets its text. */
  startOver(): void {
    this.text = '';
    this.parts = '';
  }

  /** A piece of text. */
  addPart(text: string, atMs: number): void {
    this.newsAtMs = atMs;
    this.mark('llm_first_token', atMs);
    this.parts += text;
  }

  /** A whole text; what of it is new. An agent may say several things in a turn. */
  addText(text: string, atMs: number): string {
    this.newsAtMs = atMs;
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
    }
    this.spoken.producedMs = producedMs + (pcm.length * 1000) / this.options.outputRateHz;
  }

  /** Audio has left for the client. */
  sent(durationMs: number, atMs: number): void {
    const startsAtMs = Math.max(this.playoutEndsAtMs, atMs + (this.sentMs === 0 ? this.options.playerBufferMs : 0));
    this.sentMs += durationMs;
    this.playoutEndsAtMs = startsAtMs + durationMs;
    this.mark('audio_sent', atMs);
  }

  played({ playedMs }: PlaybackReport, atMs: number): void {
    if (this.sentMs === 0) return;
    const known = Math.min(Math.max(playedMs, this.playedMs ?? 0), this.sentMs);
    if (known !== this.playedMs) this.playedAtMs = atMs;
    this.playedMs = known;
    // A client may report more than it can have heard: nothing is played before it was sent.
    this.mark('playback_started', Math.max(atMs - known, this.marks.audio_sent ?? atMs));
  }

  /** Audio that is still to be heard: by the client's reports, or as a listener without a hiccup hears it. */
  leftMs(atMs: number): number {
    return Math.max(0, this.spoken.producedMs - this.playedSoFarMs(atMs));
  }

  /** The client reported that it plays, and has ceased to get on. */
  isStuck(atMs: number): boolean {
    return this.playedMs !== undefined && atMs >= Math.max(this.playedAtMs, this.playoutEndsAtMs) + STUCK_MS;
  }

  /** The words that were heard; undefined where nothing was said. */
  heard(atMs: number): string | undefined {
    if (this.hasAudio) return this.wordsUntil(this.playedSoFarMs(atMs));
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

  private wordsUntil(playedMs: number): string {
    return heardText([{ ...this.spoken, pieces: [this.textSoFar], ended: this.isWhole }], playedMs);
  }

  private playedSoFarMs(atMs: number): number {
    const { playedMs, playedAtMs, sentMs, playoutEndsAtMs } = this;
    if (playedMs === undefined) return Math.max(0, sentMs - Math.max(0, playoutEndsAtMs - atMs));
    return Math.min(sentMs, playedMs + Math.min(Math.max(0, atMs - playedAtMs), MAX_REPORT_AGE_MS));
  }

  private mark(mark: Mark, atMs: number): void {
    this.marks = withMark(this.marks, mark, atMs);
  }
}
