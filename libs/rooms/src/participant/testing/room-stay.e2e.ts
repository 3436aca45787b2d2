import { Room, SimulateScenarioKind } from '@livekit/rtc-node';
import { RoomServiceClient } from 'livekit-server-sdk';
import { silence as quiet } from '@parley/testing/client';
import { endTestPeople, LiveKitServer } from '../../testing';
import { until } from '../../testing/until';
import { ToneEngine } from './tone-engine';
import { answered, QUESTION, stateOf, type TestAssistant, TestRoom, toneMs } from './test-room';

/** Its connection to the room is interrupted, and made anew. */
async function reconnect(assistant: TestAssistant): Promise<void> {
  const connection: unknown = Reflect.get(assistant.participant, 'room');
  if (!(connection instanceof Room)) throw new Error('an assistant without a room');
  await connection.simulateScenario(SimulateScenarioKind.SIMULATE_FULL_RECONNECT);
  await until(() => assistant.interruptions > 0, 'the interruption');
  await until(() => assistant.reconnections > 0, 'the connection works again');
}

describe('the stay of the assistant in a room', () => {
  let server: LiveKitServer;
  let room: TestRoom;

  beforeAll(async () => {
    server = await LiveKitServer.start();
  });

  beforeEach(() => {
    room = new TestRoom(server);
  });

  afterEach(() => room.end());

  afterAll(async () => {
    await server.stop();
    await endTestPeople();
  });

  it('says how far it is from the media server, also after the connection was made anew', async () => {
    const asha = await room.person('asha', { microphone: false });
    const assistant = await room.assistant(new ToneEngine());
    const distances = (): (string | undefined)[] => asha.inbox.attributes.flatMap(({ changed }) => changed['parley.rtt_ms'] ?? []);
    await until(() => distances().length > 0, 'the distance');
    expect(Number(distances()[0])).toBeLessThan(5_000);
    await reconnect(assistant);
    await until(() => asha.room.remoteParticipants.get('agent-AJ_1')?.attributes['parley.rtt_ms'] !== undefined, 'the distance again');
    expect(assistant.complaints).toEqual([]);
  });

  it('goes on when somebody leaves in the middle of a sentence', async () => {
    const engine = new ToneEngine({ replyMs: 500 });
    const asha = await room.person('asha');
    const ravi = await room.person('ravi');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    const saying = ravi.say(QUESTION);
    await until(() => engine.fakes.stt.openUtterances > 0, 'the assistant hears somebody');
    await ravi.leave();
    await until(() => assistant.memories.at(-1)?.turn === 1, 'the sentence of who has left is a turn');
    await asha.say(QUESTION);
    await until(
      () => assistant.memories.at(-1)?.messages.at(-1)?.role === 'assistant' && (assistant.memories.at(-1)?.turn ?? 0) >= 2,
      'an answer',
    );
    expect(assistant.complaints).toEqual([]);
    void saying;
  });

  it('is inaudible at once while it is silent, and answers again afterwards', async () => {
    const engine = new ToneEngine({ replyMs: 10_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await asha.chat('hello');
    await answered(asha, 0);
    assistant.participant.silence(true);
    const silentMs = performance.now();
    await asha.chat('are you there?');
    await asha.say(QUESTION);
    await asha.say(quiet(1_000));
    const lastMs = asha.voice()?.lastSoundMs() ?? Infinity;
    expect(lastMs - silentMs).toBeLessThan(1_000);
    expect(toneMs(asha, 1)).toBe(0);
    assistant.participant.silence(false);
    await asha.chat('and now?');
    await until(() => toneMs(asha, 1, silentMs + 500) > 300, 'the answer afterwards');
    expect(engine.lastQuestion).toBe('and now?');
  });

  it('goes on with the memory of the assistant before', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const first = await room.assistant(engine);
    await asha.chat('my name is Asha');
    await until(() => first.memories.at(-1)?.messages.length === 2, 'the first answer is over');
    await first.participant.leave('shutdown');
    expect(first.ends).toEqual(['shutdown']);
    const second = await room.assistant(engine, {}, { memory: first.memories.at(-1) });
    await asha.chat('who am I?');
    await until(() => second.memories.at(-1)?.messages.length === 4, 'the second answer is over');
    expect(engine.fakes.llm.replies.at(-1)?.request.messages.map(({ content }) => content)).toEqual([
      'my name is Asha',
      'It is three. Or four.',
      'who am I?',
    ]);
    expect(second.memories.at(-1)?.turn).toBe(2);
  });

  it('leaves an empty room, but not while somebody only comes back', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine, {}, { emptyAfterMs: 8_000 });
    await asha.leave();
    const again = await room.person('asha-again');
    await again.chat('hello');
    await answered(again, 0);
    await again.leave();
    await until(() => assistant.ends.length > 0, 'the end');
    expect(assistant.ends).toEqual(['empty']);
  });

  it('ends once, with everything released, when it is removed or the room is deleted', async () => {
    const rooms = new RoomServiceClient(server.httpUrl, server.apiKey, server.apiSecret);
    const engine = new ToneEngine({ replyMs: 10_000 });
    const asha = await room.person('asha');
    for (const remove of [() => rooms.removeParticipant(room.name, 'agent-AJ_1'), () => rooms.deleteRoom(room.name)]) {
      const assistant: TestAssistant = await room.assistant(engine);
      await asha.chat('hello');
      await until(() => engine.fakes.open > 0, 'work is under way');
      await remove();
      await until(() => assistant.ends.length > 0, 'the end');
      await assistant.participant.leave('shutdown');
      expect(assistant.ends).toEqual(['terminated']);
      expect(engine.fakes.open).toBe(0);
      expect(engine.conversations.at(-1)?.openResources).toEqual({ streams: 0, timers: 0 });
    }
  });

  it('leaves no listener behind when the server ends its stay', async () => {
    const listeners = (): number => {
      const client = Reflect.get(globalThis, '_ffiClientInstance') as { listenerCount(event: string): number } | undefined;
      return client?.listenerCount('ffi_event') ?? 0;
    };
    const rooms = new RoomServiceClient(server.httpUrl, server.apiKey, server.apiSecret);
    const before = listeners();
    // Nobody else is there, who would have listeners as well.
    const assistant = await room.assistant(new ToneEngine());
    expect(listeners()).toBeGreaterThan(before);
    await rooms.deleteRoom(room.name);
    await until(() => assistant.ends.length > 0, 'the end');
    await until(() => listeners() === before, 'no listener is left');
  });

  it('tells its worker when the connection works again, and is heard as before', async () => {
    const engine = new ToneEngine({ replyMs: 1_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await asha.chat('hello');
    await answered(asha, 0);
    server.freeze();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    server.thaw();
    await asha.chat('and now?');
    await answered(asha, 1);
    expect(assistant.ends).toEqual([]);
  });

  it('tells its worker when the connection is interrupted, and when it works again', async () => {
    const engine = new ToneEngine({ replyMs: 1_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await reconnect(assistant);
    await asha.chat('hello');
    await answered(asha, 0);
    expect(assistant.ends).toEqual([]);
  });

  it('cannot be joined with a wrong token, and nothing is left of the attempt', async () => {
    const engine = new ToneEngine();
    await expect(
      room.assistant(
        engine,
        {},
        { job: { jobId: 'AJ_9', identity: 'agent-AJ_9', room: room.name, url: server.url, token: 'wrong', metadata: '' } },
      ),
    ).rejects.toThrow();
    expect(engine.conversations).toEqual([]);
  });

  it('cannot be joined without its engine, and the room does not keep the attempt', async () => {
    const asha = await room.person('asha');
    await expect(room.assistant(new ToneEngine(), { engine: 'agent' })).rejects.toThrow('agent');
    expect(asha.others).toEqual([]);
  });
});
