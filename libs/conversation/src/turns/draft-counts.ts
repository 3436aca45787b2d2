import { estimateTokens } from '../memory/estimate-tokens';
import type { Reply } from './reply';

/** What became of the replies that were started before the user’s turn had ended. Every finished draft was either kept or cancelled. */
export interface DraftCounts {
  started: number;
  /** Drafts that the final transcript has confirmed, so that their text and audio were sent. */
  kept: number;
  /** Drafts that were dropped or have failed. */
  cancelled: number;
  /** The characters of cancelled drafts that the voice was given. */
  wastedCharacters: number;
  /** The estimated tokens that the language model wrote for cancelled drafts. */
  wastedTokens: number;
  /** Utterances that were ended early and had to be heard again because the voice continued. Left out when there were none. */
  finalsInVain?: number;
}

/** The draft counts of a conversation: since the last measured turn, and in total. */
export interface DraftLedger {
  recent: DraftCounts;
  total: DraftCounts;
}

const NONE: DraftCounts = { started: 0, kept: 0, cancelled: 0, wastedCharacters: 0, wastedTokens: 0 };

export const EMPTY_LEDGER: DraftLedger = { recent: NONE, total: NONE };

export const draftStarted = (ledger: DraftLedger): DraftLedger => add(ledger, { ...NONE, started: 1 });

export const draftKept = (ledger: DraftLedger): DraftLedger => add(ledger, { ...NONE, kept: 1 });

/** Counts a cancelled draft, with the text that was written for it and given to the voice. */
export const draftCancelled = (ledger: DraftLedger, { text, spoken }: Pick<Reply, 'text' | 'spoken'>): DraftLedger =>
  add(ledger, {
    ...NONE,
    cancelled: 1,
    wastedCharacters: spoken.pieces.reduce((sum, piece) => sum + piece.length, 0),
    wastedTokens: estimateTokens(text),
  });

export const utteranceRepeated = (ledger: DraftLedger): DraftLedger => add(ledger, { ...NONE, finalsInVain: 1 });

/** The recent counts have been reported. */
export const draftsReported = (ledger: DraftLedger): DraftLedger => ({ ...ledger, recent: NONE });

/** The counts to report. Empty when there was no draft. */
export const draftsToReport = ({ recent, total }: DraftLedger): { drafts?: DraftCounts; draftsTotal?: DraftCounts } =>
  recent.started + recent.kept + recent.cancelled + (recent.finalsInVain ?? 0) === 0 ? {} : { drafts: recent, draftsTotal: total };

const add = ({ recent, total }: DraftLedger, counts: DraftCounts): DraftLedger => ({
  recent: sum(recent, counts),
  total: sum(total, counts),
});

function sum(a: DraftCounts, b: DraftCounts): DraftCounts {
  const finalsInVain = (a.finalsInVain ?? 0) + (b.finalsInVain ?? 0);
  return {
    started: a.started + b.started,
    kept: a.kept + b.kept,
    cancelled: a.cancelled + b.cancelled,
    wastedCharacters: a.wastedCharacters + b.wastedCharacters,
    wastedTokens: a.wastedTokens + b.wastedTokens,
    ...(finalsInVain > 0 && { finalsInVain }),
  };
}
