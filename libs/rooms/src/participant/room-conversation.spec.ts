import { type Connection, type Conversation, EMPTY_MEMORY, type EngineFactory, SILENT_LOGGER } from '@parley/engine';
import type { EndReason } from '@parley/conversation';
import { RoomConversation } from './room-conversation';
import type { RoomEvents } from './messages/room-events';

/** The conversation of a room whose engine does nothing, with the connection that the engine was given. */
async function open(): Promise<{ connection: Connection; ends: EndReason[]; told: string[] }> {
  const connections: Connection[] = [];
  const ends: EndReason[] = [];
  const told: string[] = [];
  const conversation: Conversation = {
    ...{ pushAudio: () => undefined, pushText: () => undefined, interrupt: () => undefined, reportPlayback: () => undefined },
    ...{ isInTurn: false, memory: () => EMPTY_MEMORY, end: () => undefined },
  };
  const engine: EngineFactory = {
    describe: () => ({ providers: {}, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 }),
    open: (connection) => {
      connections.push(connection);
      return Promise.resolve(conversation);
    },
  };
  const room = new RoomConversation({
    ...{ conversationId: 'job', engine, memory: undefined, logger: SILENT_LOGGER, now: () => 0 },
    metadata: { engine: 'pipeline', onlyWhenAddressed: false, assistantName: 'Parley' },
    sink: { queuedMs: 0, capture: () => Promise.resolve(), clear: () => undefined, close: () => Promise.resolve() },
    takeFrames: () => undefined,
    people: () => new Map([['anna', 'Anna']]),
    onMemory: () => undefined,
    onEnded: (reason) => {
      ends.push(reason);
      room.close('client');
    },
  });
  const events: Pick<RoomEvents, 'tell' | 'silence'> = { tell: ({ type }) => told.push(type), silence: () => undefined };
  await room.open(events as RoomEvents);
  const [connection] = connections;
  if (connection === undefined) throw new Error('the engine was not opened');
  return { connection, ends, told };
}

describe('the conversation of a room', () => {
  it('calls for another assistant when it has failed', async () => {
    const { connection, ends } = await open();
    connection.emit({ type: 'ended', reason: 'error' });
    expect(ends).toEqual(['error']);
  });

  it('ends on purpose when a budget is spent, after the room was told', async () => {
    const { connection, ends, told } = await open();
    connection.emit({ type: 'budget_spent', kind: 'turns', scope: 'day', retryAfterMs: 1_000 });
    connection.emit({ type: 'ended', reason: 'error' });
    expect(ends).toEqual(['client']);
    expect(told).toEqual(['budget_spent', 'ended']);
  });
});
