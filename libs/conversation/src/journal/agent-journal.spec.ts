import * as fc from 'fast-check';
import type { AgentTurnEvent } from '../agent-turns/agent-turn-event';
import { agentActions, performAgentAction } from '../testing/agent-actions';
import { AgentScript } from '../testing/agent-script';
import { decodeAnyJournal, decodeJournal } from './decode-journal';
import { headerLine, stepLine } from './encode-journal';
import { type AgentJournal, type AgentJournalHeader, JOURNAL_VERSION, JournalError } from './journal';
import { replayJournal } from './replay-journal';

const SEED = 20_261_130;
const { policy } = new AgentScript();
const HEADER: AgentJournalHeader = {
  version: JOURNAL_VERSION,
  engine: 'agent',
  session: 'session-1',
  startedAt: '2026-11-30T12:00:00.000Z',
  policy,
};

/** A scripted conversation, and the journal that a server would have written for it. */
function recorded(hold: (talk: AgentScript) => void): { text: string; steps: number } {
  const lines = [headerLine(HEADER)];
  const talk = new AgentScript({}, ({ event, decision }) => lines.push(stepLine({ event, effects: decision.effects, hints: [] })));
  talk.happens({ type: 'conversation_started' });
  hold(talk);
  return { text: lines.join(''), steps: talk.steps.length };
}

const simple = () =>
  recorded((talk) => {
    talk.happens({ type: 'agent_connected' });
    talk.happens({ type: 'transcript_finished', text: 'Hello?' });
    talk.happens({ type: 'reply_text_produced', text: 'It is noon.' });
    talk.speaks(1_000);
    talk.wait(300);
    talk.happens({ type: 'agent_interrupted' });
    talk.happens({ type: 'conversation_ended', reason: 'client' });
  });

const decoded = (text: string): AgentJournal => {
  const journal = decodeAnyJournal(text);
  if (journal.engine !== 'agent') throw new Error('this is a journal of the pipeline');
  return journal;
};

describe('the journal of an agent conversation', () => {
  it('replays without a difference, whatever happened in the conversation', () => {
    fc.assert(
      fc.property(agentActions, (actions) => {
        const { text, steps } = recorded((talk) => actions.forEach((action) => performAgentAction(talk, action)));
        const journal = decoded(text);
        expect(journal.header).toStrictEqual(HEADER);
        expect(replayJournal(journal)).toMatchObject({ events: steps, differences: [] });
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('reveals a decision that differs from the recorded one', () => {
    const { text } = simple();
    expect(text).toContain('"type":"interrupted","turn":1,"reason":"speech"');
    const altered = text.replace('"type":"interrupted","turn":1,"reason":"speech"', '"type":"interrupted","turn":1,"reason":"text"');
    expect(replayJournal(decoded(altered)).differences).toEqual([
      {
        line: expect.any(Number),
        event: expect.objectContaining({ type: 'agent_interrupted' }),
        expected: ['{"notification":{"reason":"text","turn":1,"type":"interrupted"},"type":"notify"}'],
        got: ['{"notification":{"reason":"speech","turn":1,"type":"interrupted"},"type":"notify"}'],
      },
    ]);
  });

  it('is replayed under the policy that it recorded', () => {
    const { text } = simple();
    const altered = text.replace(`"inactivityTimeoutMs":${policy.inactivityTimeoutMs}`, '"inactivityTimeoutMs":5000');
    expect(replayJournal(decoded(altered)).differences).not.toEqual([]);
  });

  it('is not accepted as a journal of a pipeline conversation', () => {
    expect(() => decodeJournal(simple().text)).toThrow(JournalError);
  });

  it.each([
    ['lacks a field of the policy', '"greetsAgain"', '"greets"'],
    ['names an unknown engine', '"engine":"agent"', '"engine":"oracle"'],
    ['has an event of the other engine', '"type":"agent_connected"', '"type":"audio_heard"'],
  ])('is rejected when it %s', (_, from, to) => {
    const { text } = simple();
    expect(text).toContain(from);
    expect(() => decodeAnyJournal(text.replace(from, to))).toThrow(JournalError);
  });

  it('ignores recorded policy fields that this version does not know', () => {
    const header = headerLine({ ...HEADER, policy: { ...policy, telepathy: true } as AgentJournalHeader['policy'] });
    expect(decoded(header).header.policy).toStrictEqual(policy);
  });
});

describe('a journal that names no engine', () => {
  it('is read as the journal of a pipeline conversation', () => {
    const header = headerLine(HEADER).replace('"engine":"agent",', '');
    expect(() => decodeAnyJournal(header)).toThrow('the header lacks its hint');
  });
});

const everyEvent: AgentTurnEvent['type'][] = [
  'conversation_started',
  'conversation_ended',
  'agent_connected',
  'agent_lost',
  'agent_failed',
  'agent_hung_up',
  'hang_up_requested',
  'agent_interrupted',
  'transcript_changed',
  'transcript_finished',
  'text_received',
  'interrupt_requested',
  'reply_text_part_produced',
  'reply_text_produced',
  'reply_corrected',
  'reply_audio_produced',
  'line_ready',
  'tool_started',
  'tool_ended',
  'audio_sent',
  'audio_dropped',
  'playback_reported',
  'timer_fired',
];

it.each(everyEvent)('an event of type %s is accepted in the journal of an agent conversation', (type) => {
  expect(decoded(`${headerLine(HEADER)}{"event":{"type":"${type}","atMs":1}}\n`).entries).toHaveLength(1);
});
