import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentTurnNotification } from '../agent-turns/agent-turn-effect';
import type { TurnNotification } from '../turns/turn-effect';
import { decodeAnyJournal } from './decode-journal';
import type { AnyJournal } from './journal';
import { replayJournal } from './replay-journal';

const FOLDER = join(__dirname, 'journals');
const read = (name: string): AnyJournal => decodeAnyJournal(readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8'));

type Told = TurnNotification | AgentTurnNotification;

function toldIn({ entries }: AnyJournal): Told[] {
  const told: Told[] = [];
  for (const entry of entries) {
    for (const effect of entry.kind === 'step' ? entry.effects : []) if (effect.type === 'notify') told.push(effect.notification);
  }
  return told;
}

/** What each recorded journal must show. Without this check, a journal could lose the situation that it was recorded for. */
const STORIES: readonly (readonly [name: string, holds: (told: readonly Told[], journal: AnyJournal) => boolean])[] = [
  ['three-turns', (told) => told.filter((note) => note.type === 'turn_measured' && note.drafts?.kept === 1).length === 3],
  [
    'interruptions',
    (told, { engine, header }) =>
      engine === 'pipeline' &&
      header.policy.interruptionMode === 'resumable' &&
      told.some((note) => note.type === 'paused' && !note.active) &&
      ['speech', 'button'].every((reason) => told.some((note) => note.type === 'interrupted' && note.reason === reason)),
  ],
  [
    'pause-noise-failure',
    (told, { engine, header, entries }) =>
      engine === 'pipeline' &&
      header.policy.turnTaking === 'adaptive' &&
      told.some((note) => note.type === 'stage_failed' && note.stage === 'tts') &&
      // The noise opened an utterance, the utterance was finished, and its transcript had no words.
      entries.some((entry) => entry.kind === 'step' && entry.event.type === 'transcript_finished' && entry.event.text === ''),
  ],
];

describe('the recorded journal of a real session', () => {
  it.each(STORIES)('%s leads to the same decisions today as when it was recorded', (name, holds) => {
    const journal = read(name);
    expect(holds(toldIn(journal), journal)).toBe(true);
    expect(journal.truncated).toBe(false);
    const { events, decisions, differences } = replayJournal(journal);
    expect(differences).toEqual([]);
    expect(events).toBeGreaterThan(500);
    expect(decisions).toBeGreaterThan(100);
  });

  it('with the agent leads to the same decisions today as when it was recorded', () => {
    const journal = read('agent');
    const told = toldIn(journal);
    expect(journal).toMatchObject({ engine: 'agent', truncated: false });
    for (const reason of ['speech', 'button']) expect(told).toContainEqual(expect.objectContaining({ type: 'interrupted', reason }));
    expect(told).toContainEqual(expect.objectContaining({ type: 'tool', status: 'ended' }));
    expect(told.filter(({ type }) => type === 'turn_measured').length).toBeGreaterThan(2);
    const { events, decisions, differences } = replayJournal(journal);
    expect(differences).toEqual([]);
    expect(events).toBeGreaterThan(200);
    expect(decisions).toBeGreaterThan(300);
  });

  it('is covered by one of these tests', () => {
    const recorded = readdirSync(FOLDER).filter((file) => file.endsWith('.jsonl'));
    expect(recorded.sort()).toEqual(['agent', ...STORIES.map(([name]) => name)].map((name) => `${name}.jsonl`).sort());
  });
});
