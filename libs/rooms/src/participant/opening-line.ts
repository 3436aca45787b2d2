import { heardText } from '@parley/conversation';
import { type AudioOutput, type ConversationEvent, FRAME_MS, OUTPUT_SAMPLE_RATE_HZ, type PlaybackReport } from '@parley/engine';

/** Something that was spoken beforehand. */
export interface SpokenLine {
  text: string;
  /** 16-bit mono at `OUTPUT_SAMPLE_RATE_HZ`. */
  pcm: Int16Array;
}

export interface OpeningLineOptions {
  output: Pick<AudioOutput, 'play' | 'clear' | 'duck'>;
  /** Tells the room. */
  tell: (event: ConversationEvent) => void;
  /** The turn in which people speak meanwhile. */
  userTurn: () => number;
}

/** The engine counts its turns from 1. */
export const OPENING_TURN = 0;

/** After this much of a voice people are believed to speak. The voice counts for a moment after it has ended, so a cough is no voice yet. */
const STOP_AFTER_MS = 440;

/**
 * What the assistant says by itself when it comes. It is no part of the conversation: the engine listens meanwhile, and the model never reads
 * it. Whoever speaks, writes or presses the stop button ends it.
 */
export class OpeningLine {
  private line: SpokenLine | undefined;
  private isOver = false;
  private isDucked = false;
  private voiceMs = 0;
  private playedMs = 0;

  constructor(private readonly options: OpeningLineOptions) {}

  /** Once. Does nothing if somebody was faster. */
  say(line: SpokenLine): void {
    const { output, tell } = this.options;
    if (this.isOver || this.line || line.pcm.length === 0) return;
    this.line = line;
    tell({ type: 'state_changed', phase: 'AI_SPEAKING', turn: OPENING_TURN });
    tell({ type: 'reply_text', turn: OPENING_TURN, text: line.text });
    tell({ type: 'reply_text', turn: OPENING_TURN, text: '', final: { fullText: line.text } });
    output.play({ turn: OPENING_TURN, seq: 0, pcm: line.pcm, last: true });
  }

  /** The next frame of what people say, and whether there is a voice in it. */
  heard(isVoice: boolean): void {
    if (this.isOver) return;
    this.voiceMs = isVoice ? this.voiceMs + FRAME_MS : 0;
    this.duck(isVoice);
    if (this.voiceMs >= STOP_AFTER_MS) this.stop('speech');
  }

  /** Whether the report was about this line, and thus not about the conversation. */
  reported({ turn, event, playedMs }: PlaybackReport): boolean {
    if (turn !== OPENING_TURN) return false;
    this.playedMs = playedMs;
    if (event === 'ended' && !this.isOver) this.finish();
    return true;
  }

  /** It is not said, or not to its end. Idempotent. */
  stop(reason: 'speech' | 'text' | 'button'): void {
    if (this.isOver) return;
    const { line } = this;
    if (line === undefined) {
      this.isOver = true;
      return;
    }
    const { output, tell } = this.options;
    output.clear(OPENING_TURN);
    tell({ type: 'reply_text', turn: OPENING_TURN, text: '', final: { fullText: line.text, heardText: heardOf(line, this.playedMs) } });
    tell({ type: 'interrupted', turn: OPENING_TURN, reason });
    this.finish();
  }

  private finish(): void {
    this.isOver = true;
    this.duck(false);
    this.options.tell({ type: 'state_changed', phase: 'USER_SPEAKING', turn: this.options.userTurn() });
  }

  private duck(on: boolean): void {
    if (this.line === undefined || this.isDucked === on) return;
    this.isDucked = on;
    this.options.output.duck(OPENING_TURN, on);
  }
}

function heardOf({ text, pcm }: SpokenLine, playedMs: number): string {
  const producedMs = (pcm.length * 1_000) / OUTPUT_SAMPLE_RATE_HZ;
  return heardText([{ startMs: 0, pieces: [text], alignments: [], producedMs, ended: true }], playedMs);
}
