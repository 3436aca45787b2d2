import type { PlaybackReport } from './playback-report';

/** What the browser's own voice reports to its owner. */
export interface BrowserVoiceHandlers {
  onReport(report: PlaybackReport): void;
  /** True from the first sound to the last. Echo cancellation does not cover this voice, so the microphone should be muted while it speaks. */
  onSpeaking(speaking: boolean): void;
}

/** Some browsers cut off long utterances after about 15 s, so the reply is spoken in pieces. */
const BETWEEN_SENTENCES = /(?<=[.!?।])\s+|\n+/u;
const MAX_PIECE_CHARS = 200;
/** Some browsers never report the end of an utterance. This is longer than any voice takes, so that the next piece follows all the same. */
const UTTERANCE_TIMEOUT_MS = 5_000;
const UTTERANCE_TIMEOUT_MS_PER_CHAR = 150;

/**
 * Reads replies aloud with the browser's speech synthesis, for servers without a voice of their own.
 * One reply at a time; a new one replaces the previous one. `cancel` also releases everything.
 */
export class BrowserVoice {
  private turn = 0;
  private text = '';
  private pieces: string[] = [];
  private utterance: SpeechSynthesisUtterance | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private startedAtMs: number | undefined;
  private pausedAtMs: number | undefined;

  constructor(private readonly handlers: BrowserVoiceHandlers) {}

  /**
   * Speaks a reply, or only what was added if it has spoken the beginning already. If the browser has no voice, the turn is reported as ended
   * with nothing heard.
   */
  speak(turn: number, text: string): void {
    const goesOn = turn === this.turn && this.text !== '' && text.startsWith(this.text);
    const added = goesOn ? text.slice(this.text.length) : text;
    if (!goesOn) this.cancel();
    this.turn = turn;
    this.text = text;
    if ('speechSynthesis' in window) this.pieces.push(...piecesOf(added));
    if (!this.utterance) this.next();
  }

  /** Pauses the reply or resumes it. Has no effect for any other turn. */
  pause(turn: number, active: boolean): void {
    if (turn !== this.turn || active === (this.pausedAtMs !== undefined)) return;
    if (active) this.pauseSpeech();
    else this.goOn();
  }

  /** Stops speaking at once. */
  cancel(): void {
    const wasSpeaking = this.startedAtMs !== undefined;
    if (this.utterance) {
      this.forget(this.utterance);
      speechSynthesis.cancel();
    }
    // The page has only one voice, which must not stay paused for the next reply.
    if (this.pausedAtMs !== undefined) speechSynthesis.resume();
    this.pausedAtMs = undefined;
    this.text = '';
    this.pieces = [];
    this.startedAtMs = undefined;
    if (wasSpeaking) this.handlers.onSpeaking(false);
  }

  private pauseSpeech(): void {
    if (!this.utterance) return;
    this.pausedAtMs = performance.now();
    clearTimeout(this.timer);
    speechSynthesis.pause();
  }

  private goOn(): void {
    const pausedForMs = performance.now() - (this.pausedAtMs ?? 0);
    this.pausedAtMs = undefined;
    if (this.startedAtMs !== undefined) this.startedAtMs += pausedForMs;
    speechSynthesis.resume();
    if (this.utterance) this.waitFor(this.utterance);
    else this.next();
  }

  private next(): void {
    // Browsers that cannot pause speak to the end of the piece.
    if (this.pausedAtMs !== undefined) return;
    const piece = this.pieces.shift();
    if (piece === undefined) {
      this.ended();
      return;
    }
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.onstart = () => this.started();
    utterance.onend = utterance.onerror = () => this.pieceDone(utterance);
    this.utterance = utterance;
    this.waitFor(utterance);
    speechSynthesis.speak(utterance);
  }

  private waitFor(utterance: SpeechSynthesisUtterance): void {
    this.timer = setTimeout(() => this.pieceDone(utterance), UTTERANCE_TIMEOUT_MS + utterance.text.length * UTTERANCE_TIMEOUT_MS_PER_CHAR);
  }

  private started(): void {
    if (this.startedAtMs !== undefined) return;
    this.startedAtMs = performance.now();
    this.handlers.onSpeaking(true);
    this.handlers.onReport({ turn: this.turn, event: 'started', playedMs: 0 });
  }

  private pieceDone(utterance: SpeechSynthesisUtterance): void {
    this.forget(utterance);
    this.next();
  }

  private ended(): void {
    const playedMs = this.startedAtMs === undefined ? 0 : Math.round(performance.now() - this.startedAtMs);
    if (this.startedAtMs !== undefined) this.handlers.onSpeaking(false);
    this.startedAtMs = undefined;
    this.handlers.onReport({ turn: this.turn, event: 'ended', playedMs });
  }

  private forget(utterance: SpeechSynthesisUtterance): void {
    clearTimeout(this.timer);
    utterance.onstart = utterance.onend = utterance.onerror = null;
    this.utterance = undefined;
  }
}

function piecesOf(text: string): string[] {
  return text
    .split(BETWEEN_SENTENCES)
    .flatMap((sentence) => cut(sentence.trim()))
    .filter((piece) => piece.length > 0);
}

/** Cuts a sentence that is too long for one utterance between words. */
function cut(sentence: string): string[] {
  const pieces = [''];
  for (const word of sentence.split(/\s+/)) {
    const last = pieces[pieces.length - 1] ?? '';
    if (last.length > 0 && last.length + word.length >= MAX_PIECE_CHARS) pieces.push(word);
    else pieces[pieces.length - 1] = last ? `${last} ${word}` : word;
  }
  return pieces;
}
