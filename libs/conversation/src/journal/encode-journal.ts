import type { AgentJournalHeader, JournalHeader, JournalSpeech } from './journal';
import { type Plain, toPlain } from './plain-value';

/** The lines of a journal, each with its line end. `decodeJournal` reads them. */

/** The header line. It names the engine; a journal without a name is one of the pipeline. */
export function headerLine(header: JournalHeader | AgentJournalHeader): string {
  const { version, session, startedAt, policy, audio } = header;
  const how: Readonly<Record<string, string>> = 'engine' in header ? { engine: header.engine } : { engine: 'pipeline', hint: header.hint };
  return line({ journal: version, session, startedAt, ...how, ...(audio && { audio: toPlain(audio) }), policy: toPlain(policy) });
}

/** Most events are frames without any effect, so empty fields are left out. */
export function stepLine({ event, effects, hints }: { event: object; effects: readonly object[]; hints: readonly number[] }): string {
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
