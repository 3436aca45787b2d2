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
      admission: {
        check: async (room, identity) => {
          fail();
          done.push(`check ${identity} in ${room}`);
          return banned.includes(identity);
        },
      },
      control: { rooms: async () => rooms },
      supervisor: {
        roomStarted: (room) => void done.push(`${room} started`),
        participantJoined: (room) => void done.push(`joined ${room}`),
        participantLeft: (room) => void done.push(`left ${room}`),
        roomFinished: (room) => void done.push(`${room} finished`),
      },
      metrics: { countRemovedAgain: () => void done.push('count') },
      logger: { log: () => void done.push('log'), warn: () => void done.push('warn') },
    } satisfies WebhookHandlerOptions);

  it('is that somebody who was removed is removed again', async () => {
    handler.handle(JOINED);
    await eventually(() => done.includes('log'), 'the removal');
    expect(done).toEqual(['check anna in kitchen', 'joined kitchen', 'count', 'log']);
  });

  it('is that the supervisor learns who came and who went, and nothing else for those who were not removed', async () => {
    handler.handle({ ...JOINED, type: 'room_started' });
    handler.handle({ ...JOINED, identity: 'agent-1', isAssistant: true, isPerson: false });
    handler.handle({ ...JOINED, identity: 'ben' });
    handler.handle({ ...JOINED, identity: 'ben', type: 'participant_left' });
    await handler.stop();
    expect(done).toEqual(['kitchen started', 'joined kitchen', 'check ben in kitchen', 'joined kitchen', 'left kitchen']);
  });

  it('is nothing for the supervisor where a recorder comes or goes, or where the room is to have no assistant', async () => {
    handler.handle({ ...JOINED, identity: 'EG_1', isPerson: false });
    handler.handle({ ...JOINED, identity: 'EG_1', isPerson: false, type: 'participant_left' });
    for (const type of ['room_started', 'participant_joined', 'participant_left', 'room_finished'] as const)
      handler.handle({ ...JOINED, identity: 'ben', type, isWithAssistant: false });
    await handler.stop();
    expect(done).toEqual(['check EG_1 in kitchen', 'check ben in kitchen']);
  });

  it('is that a room is over, unless there is one of its name again', async () => {
    rooms = ['hall'];
    handler.handle({ type: 'room_finished', room: 'kitchen', isAssistant: false, isPerson: false, isWithAssistant: true });
    handler.handle({ type: 'room_finished', room: 'hall', isAssistant: false, isPerson: false, isWithAssistant: true });
    await handler.stop();
    expect(done).toEqual(['kitchen finished']);
  });

  it('is tried again when something does not answer, and given up at last', async () => {
    failures = 3;
    handler.handle(JOINED);
    await eventually(() => done.includes('log'), 'the removal');
    done = [];
    failures = 4;
    handler.handle(JOINED);
    await eventually(() => done.includes('warn'), 'the end of the attempts');
    expect(done).toEqual(['joined kitchen', 'warn']);
  });

  it('is not waited for longer when the server shuts down', async () => {
    handler = make([3_600_000]);
    failures = 9;
    handler.handle(JOINED);
    await handler.stop();
    expect(done).toEqual(['joined kitchen']);
  });
});
