import type { JournalHeader, JournalSpeech, JournalStep } from './journal';
import { type Plain, toPlain } from './plain-value';

/** The lines of a journal, each with its line end. `decodeJournal` reads them. */

export function headerLine({ version, session, startedAt, policy, hint, audio }: JournalHeader): string {
  return line({ journal: version, session, startedAt, hint, ...(audio && { audio: toPlain(audio) }), policy: toPlain(policy) });
}

/** Most events are frames that nothing follows from: what is empty is left out. */
export function stepLine({ event, effects, hints }: Pick<JournalStep, 'event' | 'effects' | 'hints'>): string {
  return line({
    event: toPlain(event),
    ...(hints.length > 0 && { hints: toPlain(hints) }),
    ...(effects.length > 0 && { effects: toPlain(effects) }),
  });
}

export function speechLine({ atMs, turn, seq, samples, last }: Omit<JournalSpeech, 'kind' | 'line'>): string {
  return line({ sent: { atMs, turn, seq, samples, last } });
}

const line = (plain: Plain): string => `${JSON.stringify(plain)}\n`;
