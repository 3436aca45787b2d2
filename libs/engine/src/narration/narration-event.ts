import type { CharacterAlignment, ProviderError } from '@parley/providers';
import type { BudgetSpentEvent } from '../ports';

/** Figures of a narration so far. Times in milliseconds. */
export interface NarrationFigures {
  /** From the first text that was to be spoken to its first audio. Absent before that. */
  ttfbMs?: number;
  /** Characters of text received. */
  characters: number;
  /** Speech that was played. */
  audioMs: number;
  /** Pieces of text given to the vendor, and pieces of audio received from it. */
  chunksSent: number;
  chunksReceived: number;
  reconnects: number;
  /** Pieces of text whose audio came from the cache. */
  cacheHits: number;
  fallbacks: number;
  /** Characters that the vendor bills. */
  billedCharacters: number;
}

/** Why a narration is over. */
export type NarrationEndReason = 'completed' | 'cancelled' | 'server_shutdown' | 'error';

/** Why a piece of text or another voice was not taken. Line and column are those of the mistake, from 1 in all text so far. */
export interface TextRefusal {
  code: 'invalid_text' | 'text_too_long' | 'empty_text' | 'text_ended' | 'too_many_segments';
  message: string;
  line: number;
  column: number;
}

/** What a narration tells, in order. */
export type NarrationEvent =
  /** When characters are spoken, from the beginning of the segment. Comes before their speech is played. */
  | { type: 'alignment'; segment: number; alignment: CharacterAlignment }
  | { type: 'figures'; figures: NarrationFigures }
  | { type: 'paused'; active: boolean }
  /** The voice failed; the narration is over after this. */
  | { type: 'failed'; error: ProviderError }
  /** The voice may not be used any more; the narration is over after this. */
  | BudgetSpentEvent
  /** There was no text to speak; the narration is over after this. */
  | { type: 'refused'; refusal: TextRefusal }
  /** The last event. Everything is released. */
  | { type: 'ended'; reason: NarrationEndReason };
