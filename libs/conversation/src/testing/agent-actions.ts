import * as fc from 'fast-check';
import type { UntimedAgentTurnEvent } from '../agent-turns/agent-turn-event';
import type { AgentScript } from './agent-script';

/** Something that happens in a conversation with an agent. Any order is possible, because agents and connections guarantee nothing. */
export type AgentAction =
  | { do: 'event'; event: UntimedAgentTurnEvent }
  | { do: 'speak'; durationMs: number }
  | { do: 'report'; back: number; playedMs: number }
  | { do: 'sent late'; back: number; durationMs: number }
  | { do: 'tool'; starts: boolean }
  | { do: 'wait'; ms: number };

const words = fc.constantFrom(
  'Hello?',
  'What time is it',
  'and then',
  '',
  ' ',
  'It is noon.',
  'It is',
  'A long answer to a short question.',
);
const reason = fc.constantFrom('connection_lost' as const, 'unavailable' as const, 'quota' as const);
const event = <Event extends UntimedAgentTurnEvent>(arbitrary: fc.Arbitrary<Event>): fc.Arbitrary<AgentAction> =>
  arbitrary.map((happened) => ({ do: 'event' as const, event: happened }));
const plain = <Type extends UntimedAgentTurnEvent['type']>(type: Type) => fc.constant(type);

const userSpeaks = event(fc.record({ type: fc.constantFrom('transcript_changed' as const, 'transcript_finished' as const), text: words }));
const userTypes = event(fc.record({ type: plain('text_received'), text: words }));
const agentWrites = event(
  fc.record({ type: fc.constantFrom('reply_text_part_produced' as const, 'reply_text_produced' as const), text: words }),
);
const agentCorrects = event(fc.record({ type: plain('reply_corrected'), original: words, text: words }));
const agentSpeaks: fc.Arbitrary<AgentAction> = fc.record({
  do: fc.constant('speak' as const),
  durationMs: fc.integer({ min: 0, max: 4_000 }),
});
const simple = event(
  fc.constantFrom<UntimedAgentTurnEvent>(
    { type: 'agent_interrupted' },
    { type: 'interrupt_requested' },
    { type: 'agent_connected' },
    { type: 'audio_dropped' },
    { type: 'conversation_started' },
    { type: 'speaker_changed', speaker: 'Asha' },
    { type: 'speaker_changed', speaker: undefined },
    { type: 'turn_judged', turn: 2, isAnswered: false },
    { type: 'timer_fired', timer: 'playout' },
    { type: 'timer_fired', timer: 'inactivity' },
  ),
);
const loss = event(fc.record({ type: plain('agent_lost'), reason }));
const farewell = event(
  fc.oneof(
    fc.record({ type: plain('agent_failed'), reason }),
    fc.constantFrom<UntimedAgentTurnEvent>(
      { type: 'agent_hung_up' },
      { type: 'hang_up_requested' },
      { type: 'conversation_ended', reason: 'client' },
    ),
  ),
);
const greeting = event(
  fc.constant<UntimedAgentTurnEvent>({
    type: 'line_ready',
    line: 'greeting',
    text: 'Welcome!',
    speech: { audio: new Int16Array(1), durationMs: 600 },
  }),
);
const back = fc.integer({ min: -1, max: 2 });
const report: fc.Arbitrary<AgentAction> = fc.record({
  do: fc.constant('report' as const),
  back,
  playedMs: fc.integer({ min: 0, max: 8_000 }),
});
const sentLate: fc.Arbitrary<AgentAction> = fc.record({
  do: fc.constant('sent late' as const),
  back: fc.constant(1),
  durationMs: fc.integer({ min: 1, max: 500 }),
});
const tool: fc.Arbitrary<AgentAction> = fc.record({ do: fc.constant('tool' as const), starts: fc.boolean() });
const wait: fc.Arbitrary<AgentAction> = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 12_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
  ),
});

export const agentActions: fc.Arbitrary<AgentAction[]> = fc.array(
  fc.oneof(
    { weight: 15, arbitrary: userSpeaks },
    { weight: 6, arbitrary: userTypes },
    { weight: 18, arbitrary: agentWrites },
    { weight: 24, arbitrary: agentSpeaks },
    { weight: 6, arbitrary: agentCorrects },
    { weight: 15, arbitrary: simple },
    { weight: 6, arbitrary: loss },
    { weight: 1, arbitrary: farewell },
    { weight: 3, arbitrary: greeting },
    { weight: 9, arbitrary: report },
    { weight: 3, arbitrary: sentLate },
    { weight: 6, arbitrary: tool },
    { weight: 30, arbitrary: wait },
  ),
  { minLength: 20, maxLength: 60 },
);

export function performAgentAction(talk: AgentScript, action: AgentAction): void {
  switch (action.do) {
    case 'event':
      return talk.happens(action.event);
    case 'speak':
      return talk.speaks(action.durationMs);
    case 'report':
      return talk.happens({ type: 'playback_reported', turn: talk.turn - action.back, event: 'progress', playedMs: action.playedMs });
    case 'sent late':
      return talk.happens({ type: 'audio_sent', turn: talk.turn - action.back, durationMs: action.durationMs });
    case 'tool':
      return talk.useTool(action.starts);
    case 'wait':
      return talk.wait(action.ms);
  }
}
