import { agentIdle, type AgentTurnState } from '../agent-turns/agent-turn-state';
import type { AgentTurnEvent } from '../agent-turns/agent-turn-event';
import { reduceAgentTurns } from '../agent-turns/reduce-agent-turns';
import type { AgentTurnEffect } from '../agent-turns/agent-turn-effect';
import { reduce } from '../turns/reduce';
import type { TurnEffect } from '../turns/turn-effect';
import { idle, type TurnState } from '../turns/turn-state';
import type { TurnEvent } from '../turns/turn-event';
import type { AgentJournal, AnyJournal, Journal, JournalEntry, JournalStep } from './journal';
import { withoutLaterFields } from './journal-effects';
import { KNOWN_HINTS, RecordedHint } from './journal-hints';
import { canonical } from './plain-value';

/** An event for which the engine decides differently than when it was recorded. */
export interface Difference {
  line: number;
  event: TurnEvent | AgentTurnEvent;
  /** The effects decided then and now, as one text each. What is equal at the beginning and the end of both lists is left out. */
  expected: readonly string[];
  got: readonly string[];
}

export interface Replay {
  events: number;
  /** The number of recorded effects. */
  decisions: number;
  differences: readonly Difference[];
}

/**
 * Gives the events of a journal to this version of the engine, under the recorded policy and hint. After the first difference, later
 * events may answer decisions that were not made, so the first difference is the most informative one.
 */
export function replayJournal(journal: AnyJournal): Replay {
  return journal.engine === 'agent' ? replayAgent(journal) : replayPipeline(journal);
}

function replayPipeline({ header, entries }: Journal): Replay {
  const known = KNOWN_HINTS[header.hint];
  const recorded = new RecordedHint();
  let state: TurnState = idle(header.policy);
  return replaySteps(entries, ({ event, hints }) => {
    recorded.load(hints);
    const decision = reduce(state, event, known ?? recorded);
    state = decision.state;
    return decision.effects;
  });
}

function replayAgent({ header, entries }: AgentJournal): Replay {
  let state: AgentTurnState = agentIdle(header.policy);
  return replaySteps(entries, ({ event }) => {
    const decision = reduceAgentTurns(state, event);
    state = decision.state;
    return decision.effects;
  });
}

function replaySteps<Event extends TurnEvent | AgentTurnEvent, Effect extends TurnEffect | AgentTurnEffect>(
  entries: readonly JournalEntry<Event, Effect>[],
  decide: (step: JournalStep<Event, Effect>) => readonly Effect[],
): Replay {
  let events = 0;
  let decisions = 0;
  const differences: Difference[] = [];
  const asRecorded = withoutLaterFields(entries.flatMap((entry) => (entry.kind === 'step' ? entry.effects : [])));
  for (const step of entries) {
    if (step.kind !== 'step') continue;
    const effects = decide(step).map(asRecorded);
    events += 1;
    decisions += step.effects.length;
    const { expected, got } = withoutCommonEnds(step.effects.map(canonical), effects.map(canonical));
    if (expected.length + got.length > 0) differences.push({ line: step.line, event: step.event, expected, got });
  }
  return { events, decisions, differences };
}

function withoutCommonEnds(expected: readonly string[], got: readonly string[]): Pick<Difference, 'expected' | 'got'> {
  const shorter = Math.min(expected.length, got.length);
  let head = 0;
  while (head < shorter && expected[head] === got[head]) head++;
  let tail = 0;
  while (tail < shorter - head && expected[expected.length - 1 - tail] === got[got.length - 1 - tail]) tail++;
  return { expected: expected.slice(head, expected.length - tail), got: got.slice(head, got.length - tail) };
}
