/**
 * `npm run scorecard [-- --only "four turns,pauses"] [-- --folder kept]`: the published turn-taking measures, computed from nothing but the
 * journals of conversations that are held with the built server in real time; exits with 1 if a target is missed. Prints Markdown. Needs
 * `nx build api` first.
 *
 * `--folder` keeps the journals there and counts those that are there already, so that the conversations can be held one by one;
 * `--hold-only` holds without counting, `--score-only` counts without holding.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConversationClient, fixture, fixtureNames, ServerProcess } from '@parley/testing/client';
import { machineFacts, printTable } from '../bench/report';
import { readJournal, readMicrophone } from '../journals/read-journal';
import { journalTimeline } from './journal-timeline';
import { type Score, scoreOf } from './score';
import { CONVERSATIONS, type ScriptedConversation } from './scripted-conversations';
import { measuresOf } from './targets';
import type { Timeline } from './timeline';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    folder: { type: 'string' },
    'hold-only': { type: 'boolean', default: false },
    'score-only': { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',');
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'parley-scorecard-'));

try {
  if (!values['score-only'])
    for (const conversation of CONVERSATIONS.filter(({ name }) => only?.includes(name) ?? true)) await hold(conversation);
  if (!values['hold-only']) report();
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true });
}

function folderOf(name: string): string {
  return join(folder, name.replace(/\W+/gu, '-'));
}

async function hold({ name, env, hold: script }: ScriptedConversation): Promise<void> {
  const recordings = folderOf(name);
  rmSync(recordings, { recursive: true, force: true });
  mkdirSync(recordings, { recursive: true });
  const server = await ServerProcess.start({ ...env, RECORD_DIR: recordings });
  try {
    const client = await ConversationClient.connect(server.url);
    await client.start();
    client.microphone.open();
    await script(client);
    client.send({ type: 'end_conversation' });
    await client.closed();
  } finally {
    await server.stop();
  }
}

function timelinesOf(name: string): Timeline[] {
  const recordings = folderOf(name);
  if (!existsSync(recordings)) return [];
  const clips = fixtureNames().map(fixture);
  const paths = readdirSync(recordings).flatMap((file) => (file.endsWith('.jsonl') ? join(recordings, file) : []));
  return paths.map((path) => {
    const journal = readJournal(path);
    return journalTimeline(journal, readMicrophone(path, journal), clips);
  });
}

function report(): void {
  const held = CONVERSATIONS.map(({ name }) => ({ name, timelines: timelinesOf(name) })).filter(({ timelines }) => timelines.length > 0);
  const measures = measuresOf(scoreOf(held.flatMap(({ timelines }) => timelines)));
  console.log('# Turn-taking scorecard\n');
  console.log(`${machineFacts()}. **Simulated: the user's voices are synthetic, and so are all three vendors** (profile "middle").`);
  console.log(
    'It shows how the mechanics take turns, not how people would find it, and cannot be held against the published leaderboards.',
  );
  console.log(
    'A pause that the assistant goes on from (resumable mode) does not count as giving the word up; for τ-voice, which knows the sound alone, it would.',
  );
  printTable(
    `${held.length} conversations`,
    ['measure', 'figure', 'events', 'target', ''],
    measures.map(({ name, figure, events, target }) => [
      name,
      figure,
      events,
      target?.text ?? '',
      target ? (target.met ? 'met' : '**missed**') : '',
    ]),
  );
  printTable(
    'Conversation by conversation',
    ['conversation', 'user turns', 'answered', 'latency (median)', 'yielded', 'latency (mean)', 'assistant interrupts', 'tolerated', 'EVA'],
    held.map(({ name, timelines }) => rowOf(name, scoreOf(timelines))),
  );
  const missed = measures.filter(({ target }) => target && !target.met);
  console.log(missed.length === 0 ? '\nAll targets are met.' : `\nMissed: ${missed.map(({ name }) => name).join('; ')}.`);
  if (missed.length > 0) process.exitCode = 1;
}

function rowOf(name: string, { events, responseLatencyMs, yieldLatencyMs, eva }: Score): string[] {
  const happened = (list: readonly { latencyMs: number | undefined }[]): string =>
    `${list.filter(({ latencyMs }) => latencyMs !== undefined).length} of ${list.length}`;
  const tolerances = [...events.backChannels, ...events.noises];
  const ms = (figure: number): string => (Number.isNaN(figure) ? '' : `${Math.round(figure)} ms`);
  return [
    name,
    String(events.userTurns),
    happened(events.responses),
    ms(responseLatencyMs.median),
    happened(events.yields),
    ms(yieldLatencyMs.mean),
    String(events.assistantInterruptions),
    tolerances.length === 0 ? '' : `${tolerances.filter(({ correct }) => correct).length} of ${tolerances.length}`,
    Number.isNaN(eva) ? '' : eva.toFixed(2),
  ];
}
