import type { ConversationEvent } from '../ports';
import { RecordingSink } from '../testing/recording-sink';
import { NotificationRelay, type RunningNotification } from './notification-relay';

describe('NotificationRelay', () => {
  it.each<[RunningNotification, ConversationEvent]>([
    [
      { type: 'ending_soon', inMs: 30_000 },
      { type: 'ending_soon', inMs: 30_000 },
    ],
    [
      { type: 'stage_failed', turn: 1, stage: 'llm', reason: 'timeout' },
      { type: 'failure', turn: 1, stage: 'llm', reason: 'timeout', fatal: false },
    ],
    [
      { type: 'agent_failed', turn: 2, reason: 'quota', fatal: true },
      { type: 'failure', turn: 2, stage: 'agent', reason: 'quota', fatal: true },
    ],
    [
      { type: 'turn_limit_reached', turn: 3 },
      { type: 'notice', turn: 3, notice: 'turn_limit' },
    ],
    [
      { type: 'audio_dropped', turn: 3 },
      { type: 'notice', turn: 3, notice: 'audio_dropped' },
    ],
    [
      { type: 'tool', turn: 1, name: 'get_current_time', status: 'started' },
      { type: 'tool', turn: 1, name: 'get_current_time', status: 'started' },
    ],
  ])('passes %j to the observer and the client as a conversation event', (notification, event) => {
    const sink = new RecordingSink();
    const observed: ConversationEvent[] = [];
    new NotificationRelay(sink.connection(), (told) => observed.push(told)).pass(notification);
    expect([observed, sink.events]).toEqual([[event], [event]]);
  });

  it('clears the speech of an interrupted turn before it reports the interruption', () => {
    const sink = new RecordingSink();
    new NotificationRelay(sink.connection(), undefined).pass({ type: 'interrupted', turn: 4, reason: 'speech' });
    expect(sink.log).toEqual(['clear 4', 'interrupted']);
  });

  it('lowers and pauses the voice at the output, and tells the client nothing else about it', () => {
    const sink = new RecordingSink();
    const relay = new NotificationRelay(sink.connection(), undefined);
    relay.pass({ type: 'ducked', turn: 1, active: true });
    relay.pass({ type: 'paused', turn: 1, active: true });
    expect([sink.ducks, sink.pauses, sink.events]).toEqual([[{ turn: 1, on: true }], [{ turn: 1, on: true }], []]);
  });
});
