import { bodyOf, eventIdOf, type AgentCaller } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';
import { AGENT_ERROR_CODES, type AgentErrorType } from './agent-errors';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const ERROR_TYPES = Object.keys(AGENT_ERROR_CODES) as AgentErrorType[];

describe('the end of a conversation with an agent', () => {
  let setup: AgentTestSetup;

  beforeEach(() => start());
  afterEach(() => setup.close());

  async function start(options: Parameters<typeof AgentTestSetup.start>[0] = {}): Promise<void> {
    setup = await AgentTestSetup.start(options);
  }

  async function restart(options: Parameters<typeof AgentTestSetup.start>[0]): Promise<void> {
    await setup.close();
    await start(options);
  }

  const errorTypes = (caller: AgentCaller): unknown[] => caller.all('error').map((frame) => bodyOf(frame)['error_type']);

  describe('because of silence', () => {
    it('comes with 1002 when no input arrives, even if pings are answered', async () => {
      await restart({ limits: { agentIdleMs: 300, agentPingMs: 10 } });
      const caller = await setup.call();
      for (let i = 0; i < 3; i++) caller.socket.send({ type: 'pong', event_id: eventIdOf(await caller.next('ping')) });
      expect((await caller.socket.closed).code).toBe(1002);
      expect(errorTypes(caller)).toEqual(['transport_receive_timeout']);
      await eventually(() => setup.counters.conversationsOpen === 0);
      expect(setup.counters).toMatchObject({ closeCodes: { 1002: 1 }, pongs: 3 });
    });

    it('also comes when the client never begins', async () => {
      await restart({ limits: { agentIdleMs: 20 } });
      const caller = await setup.call('quiet', null);
      expect((await caller.socket.closed).code).toBe(1002);
      expect(caller.frameTypes).toEqual(['error']);
    });

    it('comes when pings are not answered, if the limits say so', async () => {
      await restart({ limits: { agentPingMs: 10, agentPongTimeoutMs: 30 } });
      const caller = await setup.call();
      caller.socket.send({ type: 'pong', event_id: eventIdOf(await caller.next('ping')) });
      expect((await caller.socket.closed).code).toBe(1002);
      expect(errorTypes(caller)).toEqual(['asyncio_timeout']);
      expect(caller.all('ping').length).toBeGreaterThan(2);
    });

    it('does not come while the client answers pings, which carry the last round trip', async () => {
      await restart({ limits: { agentPingMs: 10, agentPongTimeoutMs: 3000 } });
      const caller = await setup.call();
      const trips: unknown[] = [];
      for (let i = 0; i < 5; i++) {
        const ping = await caller.next('ping');
        trips.push(bodyOf(ping)['ping_ms']);
        caller.socket.send({ type: 'pong', event_id: eventIdOf(ping) });
      }
      expect(trips).toEqual([null, ...Array.from({ length: 4 }, () => expect.any(Number))]);
      caller.socket.send({ type: 'pong', event_id: 4711 });
      await eventually(() => setup.counters.pongs === 5);
      expect(caller.socket.ws.readyState).toBe(caller.socket.ws.OPEN);
    });
  });

  it('comes with 1000 after the maximum duration', async () => {
    await restart({ agents: [{ id: 'short', firstMessage: '', maxDurationMs: 20 }] });
    const caller = await setup.call('short');
    expect((await caller.socket.closed).code).toBe(1000);
    expect(caller.all('error')).toMatchObject([{ error_event: { code: 1000, error_type: 'max_duration_exceeded' } }]);
  });

  it('comes with an error frame without an envelope when the quota is used up', async () => {
    const response = await setup.get('get-signed-url?agent_id=quiet', 'quota');
    const { signed_url: url } = (await response.json()) as { signed_url: string };
    const caller = await setup.open(url);
    caller.write('Hello.');
    expect((await caller.socket.closed).code).toBe(1002);
    expect(caller.all('error')).toEqual([
      { type: 'error', message: 'received 1002 (protocol error) This request exceeds your quota limit.' },
    ]);
    expect(caller.all('agent_response')).toEqual([]);
  });

  describe('because of a frame that is', () => {
    it.each([
      ['no JSON', '{"type":', 'invalid_message'],
      ['no object', '[]', 'invalid_message'],
      ['without a type', '{"text":"hello"}', 'invalid_message'],
      ['of an unknown type', '{"type":"dance"}', 'invalid_message'],
      ['of a type that every object has', '{"type":"constructor"}', 'invalid_message'],
      ['audio that is no string', '{"user_audio_chunk":5}', 'value_error'],
      ['audio that is no base64', '{"user_audio_chunk":"%%%%"}', 'value_error'],
      ['a message without text', '{"type":"user_message"}', 'missing_fields'],
      ['a message whose text is no string', '{"type":"user_message","text":5}', 'value_error'],
      ['a result that is an object', '{"type":"client_tool_result","tool_call_id":"x","result":{},"is_error":false}', 'value_error'],
      ['a result without a call', '{"type":"client_tool_result","result":"x"}', 'missing_fields'],
      ['a result whose error is no boolean', '{"type":"client_tool_result","tool_call_id":"x","result":"y","is_error":1}', 'value_error'],
      ['feedback of another kind', '{"type":"feedback","event_id":1,"score":"meh"}', 'value_error'],
      ['a message of several kinds without text', '{"type":"multimodal_message"}', 'missing_fields'],
    ])('%s', async (_name, frame, errorType) => {
      const caller = await setup.call();
      caller.socket.send(frame);
      expect((await caller.socket.closed).code).toBe(1008);
      expect(caller.all('error')).toMatchObject([{ error_event: { code: 1008, error_type: errorType } }]);
    });

    it('binary', async () => {
      const caller = await setup.call();
      caller.socket.ws.send(Buffer.alloc(640));
      expect((await caller.socket.closed).code).toBe(1008);
      expect(errorTypes(caller)).toEqual(['invalid_message']);
    });
  });

  describe('because of a fault', () => {
    it.each(ERROR_TYPES)('comes with the error %s and its code, in the middle of a turn', async (errorType) => {
      setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'agent-error', errorType, afterFrames: 1 } });
      const caller = await setup.call();
      caller.write('Hello.');
      const { code } = await caller.socket.closed;
      expect(code).toBe(AGENT_ERROR_CODES[errorType]);
      expect(caller.frameTypes).toEqual(['conversation_initiation_metadata', 'ping', 'agent_response', 'error']);
      expect(caller.all('error')).toMatchObject([{ error_event: { code, error_type: errorType } }]);
    });

    it.each([1000, 1002, 1008, 1011])('comes with %d and no error frame', async (code) => {
      setup.simulator.faults.inject({ vendor: 'elevenlabs', at: 'work', fault: { kind: 'close', code } });
      const caller = await setup.call();
      caller.write('Hello.');
      expect((await caller.socket.closed).code).toBe(code);
      expect(caller.all('error')).toEqual([]);
    });

    it('can come before the metadata', async () => {
      setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'close', code: 1011 } });
      const caller = await setup.call();
      expect((await caller.socket.closed).code).toBe(1011);
      expect(caller.socket.frames).toEqual([]);
    });

    it('can come with the error frame that has no envelope', async () => {
      setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'quota-kill' } });
      const caller = await setup.call();
      caller.write('Hello.');
      expect((await caller.socket.closed).code).toBe(1002);
      expect(caller.all('error')).toEqual([{ type: 'error', message: expect.stringContaining('exceeds your quota limit.') }]);
    });

    it('can come without a close frame', async () => {
      setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 2 } });
      const caller = await setup.call();
      caller.write('Hello.');
      expect((await caller.socket.closed).code).toBe(1006);
      expect(caller.frameTypes).toEqual(['conversation_initiation_metadata', 'ping', 'agent_response', 'audio']);
    });

    it('does not come when one turn has no answer, no audio, or its transcript twice', async () => {
      const { faults, recogniser } = setup.simulator;
      faults.inject({ vendor: 'elevenlabs', fault: { kind: 'stall' } });
      faults.inject({ vendor: 'elevenlabs', fault: { kind: 'silence' } });
      faults.inject({ vendor: 'elevenlabs', fault: { kind: 'duplicate-final' } });
      const caller = await setup.call();
      caller.write('First.');
      await eventually(() => setup.counters.turns === 1);
      caller.write('Second.');
      expect(await caller.nextResponse()).toContain('second');
      recogniser.expect('third');
      caller.speak(400);
      expect(await caller.nextResponse()).toContain('third');
      await caller.next('audio');
      expect(caller.all('agent_response')).toHaveLength(2);
      expect(caller.all('user_transcript')).toHaveLength(2);
      expect(setup.counters.faults).toBe(3);
    });
  });

  it('comes with an error when recognition or synthesis fails', async () => {
    jest.spyOn(setup.simulator.recogniser, 'open').mockReturnValue({
      push: () => undefined,
      partial: '',
      end: () => Promise.reject(new Error('died')),
      cancel: () => undefined,
    });
    const deaf = await setup.call();
    deaf.speak();
    expect((await deaf.socket.closed).code).toBe(1002);
    expect(errorTypes(deaf)).toEqual(['asr_transcription_error']);
    await setup.close();
    const synthesiser = { speak: () => Promise.reject(new Error('died')), ready: Promise.resolve(), close: () => Promise.resolve() };
    await start({ synthesiser });
    const mute = await setup.call();
    mute.write('Hello.');
    expect((await mute.socket.closed).code).toBe(1002);
    expect(errorTypes(mute)).toEqual(['tts_cascade_error']);
  });

  it('leaves no timer and no socket behind when the client leaves in the middle of a turn', async () => {
    await setup.close();
    const timersBefore = timers();
    await start({ latency: { ttsFirstChunkMs: 60_000 }, limits: { agentPingMs: 60_000, agentIdleMs: 120_000 } });
    const caller = await setup.call();
    caller.write('What time is it?');
    const listening = await setup.call();
    listening.sendAudio(Int16Array.from({ length: 16_000 }, (_, i) => Math.round(8000 * Math.sin(i / 8))));
    await eventually(() => setup.simulator.recogniser.openCount === 1);
    await caller.next('client_tool_call');
    caller.socket.ws.terminate();
    listening.socket.ws.terminate();
    await eventually(() => setup.counters.conversationsOpen === 0);
    expect(setup.simulator.recogniser.openCount).toBe(0);
    await setup.simulator.close();
    // Polled, because the test runner's reporter has timers of its own; a timer that we leaked would stay longer than this test.
    await eventually(() => timers() <= timersBefore);
  });
});
