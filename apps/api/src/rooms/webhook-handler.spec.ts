import type { RoomEvent } from '@parley/rooms';
import { eventually } from '@parley/testing';
import { WebhookHandler, type WebhookHandlerOptions } from './webhook-handler';

const JOINED: RoomEvent = {
  type: 'participant_joined',
  room: 'kitchen',
  identity: 'anna',
  isAssistant: false,
  isPerson: true,
  isWithAssistant: true,
};

describe('what follows from a webhook', () => {
  let banned: string[];
  let failures: number;
  let rooms: string[];
  let done: string[];
  let handler: WebhookHandler;

  beforeEach(() => {
    [banned, failures, rooms, done] = [['anna'], 0, [], []];
    handler = make([1, 1, 1]);
  });
  afterEach(() => handler.stop());

  const fail = (): void => {
    if (failures-- > 0) throw new Error('away');
  };
  const make = (retryAfterMs: number[]): WebhookHandler =>
    new WebhookHandler({
      retryAfterMs,
      door: {
        check: async (room, identity) => {
          fail();
          done.push(`check ${identity} in ${room}`);
          return banned.includes(identity);
        },
      },
      control: { rooms: async () => rooms },
      store: {
        forgetRoom: async (room) => {
          fail();
          done.push(`forget ${room}`);
        },
      },
      metrics: { countRemovedAgain: () => void done.push('count') },
      logger: { log: () => void done.push('log'), warn: () => void done.push('warn') },
    } satisfies WebhookHandlerOptions);

  it('is that somebody who was removed is removed again', async () => {
    handler.handle(JOINED);
    await eventually(() => done.includes('log'), 'the removal');
    expect(done).toEqual(['check anna in kitchen', 'count', 'log']);
  });

  it('is nothing else for those who were not, and for the assistant', async () => {
    handler.handle({ ...JOINED, identity: 'agent-1', isAssistant: true, isPerson: false });
    handler.handle({ ...JOINED, identity: 'ben' });
    handler.handle({ ...JOINED, type: 'participant_left' });
    await handler.stop();
    expect(done).toEqual(['check ben in kitchen']);
  });

  it('is that a room that has ended is forgotten, unless there is one of its name again', async () => {
    rooms = ['hall'];
    handler.handle({ type: 'room_finished', room: 'kitchen', isAssistant: false, isPerson: false, isWithAssistant: true });
    handler.handle({ type: 'room_finished', room: 'hall', isAssistant: false, isPerson: false, isWithAssistant: true });
    await handler.stop();
    expect(done).toEqual(['forget kitchen']);
  });

  it('is tried again when something does not answer, and given up at last', async () => {
    failures = 3;
    handler.handle(JOINED);
    await eventually(() => done.includes('log'), 'the removal');
    done = [];
    failures = 4;
    handler.handle(JOINED);
    await eventually(() => done.length > 0, 'the end of the attempts');
    expect(done).toEqual(['warn']);
  });

  it('is not waited for longer when the server shuts down', async () => {
    handler = make([3_600_000]);
    failures = 9;
    handler.handle(JOINED);
    await handler.stop();
    expect(done).toEqual([]);
  });
});
