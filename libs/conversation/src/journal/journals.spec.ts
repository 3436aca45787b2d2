import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TurnNotification } from '../lib/turn-effect';
import { decodeJournal } from './decode-journal';
import type { Journal } from './journal';
import { replayJournal } from './replay-journal';

const FOLDER = join(__dirname, 'journals');
const read = (name: string): Journal => decodeJournal(readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8'));

const toldIn = ({ entries }: Journal): TurnNotification[] =>
  entries
    .flatMap((entry) => (entry.kind === 'step' ? entry.effects : []))
    .flatMap((effect) => (effect.type === 'notify' ? effect.notification : []));

/** What a journal is there for: without it, it would hold the engine against nothing. */
const STORIES: readonly (readonly [name: string, holds: (told: readonly TurnNotification[], journal: Journal) => boolean])[] = [
  ['three-turns', (told) => told.filter((note) => note.type === 'turn_measured' && note.drafts?.kept === 1).length === 3],
  [
    'interruptions',
    (told, { header }) =>
      header.policy.interruptionMode === 'resumable' &&
      told.some((note) => note.type === 'paused' && !note.active) &&
      ['speech', 'button'].every((reason) => told.some((note) => note.type === 'interrupted' && note.reason === reason)),
  ],
  [
    'pause-noise-failure',
    (told, { header, entries }) =>
      header.policy.turnTaking === 'adaptive' &&
      told.some((note) => note.type === 'stage_failed' && note.stage === 'tts') &&
      // The noise: heard, asked for its words, and without any.
      entries.some((entry) => entry.kind === 'step' && entry.event.type === 'transcript_finished' && entry.event.text === ''),
  ],
];

describe('a session of the real server', () => {
  it.each(STORIES)('%s is decided as it was when it was recorded', (name, holds) => {
    const journal = read(name);
    expect(holds(toldIn(journal), journal)).toBe(true);
    expect(journal.truncated).toBe(false);
    const { events, decisions, differences } = replayJournal(journal);
    expect(differences).toEqual([]);
    expect(events).toBeGreaterThan(500);
    expect(decisions).toBeGreaterThan(100);
  });

  it('is one of these', () => {
    const recorded = readdirSync(FOLDER).filter((file) => file.endsWith('.jsonl'));
    expect(recorded.sort()).toEqual(STORIES.map(([name]) => `${name}.jsonl`).sort());
  });
});
