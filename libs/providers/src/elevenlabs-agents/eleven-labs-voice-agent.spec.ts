import type { ProviderErrorCode } from '../ports/provider-error';
import type { VoiceAgentEvent, VoiceAgentOptions, VoiceAgentSession } from '../ports/voice-agent';
import { until } from '../testing/collect';
import { startHttpServer, type HttpServer } from '../testing/http-server';
import { startSocketServer, type ServerConnection, type SocketServer, type SocketServerOptions } from '../testing/socket-server';
import { ElevenLabsVoiceAgent, type ElevenLabsVoiceAgentOptions } from './eleven-labs-voice-agent';
import { isAtVendor } from './signed-url';

const METADATA = { agent_output_audio_format: 'pcm_24000', user_input_audio_format: 'pcm_16000' };
const metadata = (fields: object = {}) => ({
  type: 'conversation_initiation_metadata',
  conversation_initiation_metadata_event: { conversation_id: 'c', ...METADATA, ...fields },
});
const base64 = (...samples: number[]) => Buffer.from(Int16Array.from(samples).buffer).toString('base64');
const audio = (eventId: number, ...samples: number[]) => ({
  type: 'audio',
  audio_event: { audio_base_64: base64(...samples), event_id: eventId },
});

describe('ElevenLabsVoiceAgent', () => {
  let sockets: SocketServer;
  let http: HttpServer;
  let agent: ElevenLabsVoiceAgent;
  const controllers: AbortController[] = [];

  afterEach(async () => {
    for (const controller of controllers.splice(0)) controller.abort();
    agent.close();
    await http.close();
    await sockets.close();
  });

  /** Creates an agent whose signed addresses end in `?signature=1`, `?signature=2`, … or whose signing requests get the answer `signing`. */
  async function create(
    options: Partial<ElevenLabsVoiceAgentOptions> = {},
    vendor: SocketServerOptions & { signing?: { status: number; body: object } | 'stall' } = {},
  ): Promise<void> {
    sockets = await startSocketServer(vendor);
    let signed = 0;
    http = await startHttpServer((request, response) => {
      if (vendor.signing === 'stall') return;
      const { status, body } = vendor.signing ?? { status: 200, body: { signed_url: `${wsOrigin()}/talk?signature=${++signed}` } };
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    agent = new ElevenLabsVoiceAgent({
      apiKey: 'secret',
      baseUrl: http.origin,
      agentId: 'agent 1',
      simulated: false,
      overridable: [],
      random: () => 0,
      // The timeout is long, so that a slow test machine is not mistaken for a vendor that does not answer.
      handshakeTimeoutMs: 60_000,
      ...options,
    });
  }

  const wsOrigin = () => sockets.origin.replace('http', 'ws');

  function open(options: Partial<VoiceAgentOptions> = {}) {
    const controller = new AbortController();
    controllers.push(controller);
    const events: VoiceAgentEvent[] = [];
    const opened = agent.open({ overrides: {}, outputSampleRateHz: 24_000, ...options }, (event) => events.push(event), controller.signal);
    opened.catch(() => undefined);
    return { opened, events, controller };
  }

  it.each([
    'wss://elsewhere.example/v1/convai/conversation?signature=1',
    'ws://127.0.0.1.elsewhere.example/',
    'ws://user:pass@127.0.0.1/',
    'http://127.0.0.1/',
    'ws://',
  ])('does not connect to the signed address %s, which is not a usable address of the vendor', async (signed_url) => {
    await create({}, { signing: { status: 200, body: { signed_url } } });
    await expect(open().opened).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('accepts no insecure address from a server that was asked over a secure connection', () => {
    expect(isAtVendor('ws://api.vendor.example/', 'https://api.vendor.example')).toBe(false);
    expect(isAtVendor('wss://api.vendor.example/', 'https://api.vendor.example')).toBe(true);
    expect(isAtVendor('wss://api.vendor.example/', 'http://api.vendor.example')).toBe(true);
    expect(isAtVendor('wss://api.elevenlabs.io/', 'https://api.eu.residency.elevenlabs.io')).toBe(true);
    expect(isAtVendor('wss://api.elevenlabs.io.example/', 'https://api.elevenlabs.io')).toBe(false);
  });

  it('limits the size of the answer to the request for a signed address', async () => {
    await create({}, { signing: { status: 200, body: { signed_url: 'x'.repeat(1_000_000) } } });
    await expect(open().opened).rejects.toMatchObject({ code: 'bad_response', message: expect.stringContaining('more than') });
  });

  interface Talk {
    peer: ServerConnection;
    session: VoiceAgentSession;
    events: VoiceAgentEvent[];
    controller: AbortController;
  }

  async function talk(fields: object = {}, options: Partial<VoiceAgentOptions> = {}): Promise<Talk> {
    const { opened, events, controller } = open(options);
    const peer = await sockets.accept();
    await peer.next();
    peer.send(metadata(fields));
    const session = await opened;
    if (!session) throw new Error('the session was given up');
    return { peer, session, events, controller };
  }

  const audioOf = (events: readonly VoiceAgentEvent[]) => events.flatMap((event) => (event.type === 'audio' ? [[...event.pcm]] : []));

  describe('when it opens a conversation', () => {
    it('requests a signed address with the API key and starts the conversation there without the key', async () => {
      await create();
      const { opened } = open();
      const peer = await sockets.accept();
      expect(http.requests.map(({ url }) => url.pathname + url.search)).toEqual([
        '/v1/convai/conversation/get-signed-url?agent_id=agent%201',
      ]);
      expect(http.requests[0].headers['xi-api-key']).toBe('secret');
      expect(peer.url.search).toBe('?signature=1');
      expect(JSON.stringify(peer.headers)).not.toContain('secret');
      expect(peer.headers['sec-websocket-extensions']).toBeUndefined();
      expect(await peer.next()).toEqual({ type: 'conversation_initiation_client_data' });
      peer.send(metadata());
      expect(await opened).toBeDefined();
    });

    it('connects to a public agent by its agent id', async () => {
      await create();
      agent = new ElevenLabsVoiceAgent({ baseUrl: sockets.origin, agentId: 'a/b', simulated: true, overridable: [] });
      open();
      const peer = await sockets.accept();
      expect(peer.url.pathname + peer.url.search).toBe('/v1/convai/conversation?agent_id=a%2Fb');
      expect(agent.info).toEqual({ name: 'elevenlabs', simulated: true });
    });

    const WISHES = { prompt: 'Be brief.', firstMessage: '', language: 'hi-IN', voiceId: 'v1' };

    it('sends all overrides when all of them are allowed', async () => {
      await create({ overridable: ['prompt', 'firstMessage', 'language', 'voiceId'] });
      open({ overrides: WISHES });
      expect(await (await sockets.accept()).next()).toEqual({
        type: 'conversation_initiation_client_data',
        conversation_config_override: {
          agent: { prompt: { prompt: 'Be brief.' }, first_message: '', language: 'hi' },
          tts: { voice_id: 'v1' },
        },
      });
    });

    it('leaves out the overrides that are not allowed', async () => {
      await create({ overridable: ['language'] });
      open({ overrides: WISHES });
      expect(await (await sockets.accept()).next()).toEqual({
        type: 'conversation_initiation_client_data',
        conversation_config_override: { agent: { language: 'hi' } },
      });
    });

    it('uses each address that was signed in advance for one conversation only', async () => {
      await create({ warmSessions: 1 });
      agent.startWarming();
      await until(() => agent.warm.ready === 1);
      const first = await talk();
      await until(() => agent.warm.ready === 1);
      const second = await talk();
      expect([first, second].map(({ peer }) => peer.url.search)).toEqual(['?signature=1', '?signature=2']);
      expect(agent.warm).toMatchObject({ hits: 2, misses: 0 });
    });

    it('requests a new signed address when one that was signed in advance is refused', async () => {
      const body = JSON.stringify({ detail: { status: 'invalid_signature' } });
      await create({ warmSessions: 1 }, { refuse: (upgrade) => (upgrade === 0 ? { status: 403, body } : undefined) });
      agent.startWarming();
      await until(() => agent.warm.ready === 1);
      const { peer } = await talk();
      expect(peer.url.search).not.toBe('?signature=1');
    });

    it.each<[number, object, ProviderErrorCode]>([
      [401, { detail: { status: 'invalid_api_key' } }, 'auth'],
      [401, { detail: { status: 'quota_exceeded' } }, 'quota'],
      [404, { detail: { status: 'document_not_found' } }, 'model_not_found'],
      [422, { detail: [] }, 'invalid_request'],
      [429, {}, 'rate_limited'],
      [500, {}, 'unavailable'],
      [200, {}, 'bad_response'],
      [200, { signed_url: 'https://elsewhere.example' }, 'bad_response'],
    ])('maps status %i with body %j in answer to a signing request to %s', async (status, body, code) => {
      await create({}, { signing: { status, body } });
      const failure = open().opened;
      await expect(failure).rejects.toMatchObject({ code });
      await expect(failure).rejects.not.toThrow('secret');
    });

    it('fails with a timeout when a signing request is not answered', async () => {
      await create({ handshakeTimeoutMs: 40 }, { signing: 'stall' });
      await expect(open().opened).rejects.toMatchObject({ code: 'timeout' });
    });

    it('fails as unavailable when the vendor cannot be reached', async () => {
      await create();
      agent = new ElevenLabsVoiceAgent({ baseUrl: 'http://127.0.0.1:1', apiKey: 'k', agentId: 'a', simulated: false, overridable: [] });
      await expect(open().opened).rejects.toMatchObject({ code: 'unavailable' });
    });

    it.each<[string, (peer: ServerConnection) => void, ProviderErrorCode]>([
      ['the vendor refuses the overrides', (peer) => peer.socket.close(1008), 'invalid_request'],
      ['the vendor crashes', (peer) => peer.socket.close(1011), 'unavailable'],
      ['the connection is lost', (peer) => peer.socket.terminate(), 'connection_lost'],
      ['the vendor closes the connection normally', (peer) => peer.socket.close(1000), 'connection_lost'],
      [
        'the vendor announces an unknown audio format',
        (peer) => peer.send(metadata({ agent_output_audio_format: 'opus_48000' })),
        'bad_response',
      ],
      ['the vendor sends something that is not JSON', (peer) => peer.socket.send('not JSON'), 'bad_response'],
    ])('rejects when %s before the conversation has begun', async (_name, act, code) => {
      await create();
      const { opened, events } = open();
      const peer = await sockets.accept();
      await peer.next();
      act(peer);
      await expect(opened).rejects.toMatchObject({ code });
      expect(events).toEqual([]);
    });

    it('fails with a timeout when the agent does not begin the conversation', async () => {
      await create({ handshakeTimeoutMs: 1_000 });
      const { opened } = open();
      await sockets.accept();
      await expect(opened).rejects.toMatchObject({ code: 'timeout' });
    });

    it.each(['before', 'while signing', 'while connecting'])('resolves to undefined and reports no error when aborted %s', async (when) => {
      await create({}, when === 'while signing' ? { signing: 'stall' } : {});
      const { opened, controller, events } = open();
      if (when === 'while signing') await until(() => http.requests.length === 1);
      const peer = when === 'while connecting' ? await sockets.accept() : undefined;
      controller.abort();
      expect(await opened).toBeUndefined();
      await peer?.closed;
      expect(events).toEqual([]);
    });
  });

  describe('during the conversation', () => {
    it('answers pings at once with their ids and reports the round-trip time', async () => {
      await create();
      const { peer, events } = await talk();
      peer.send({ type: 'ping', ping_event: { event_id: 7, ping_ms: null } });
      peer.send({ type: 'ping', ping_event: { event_id: 8, ping_ms: 40 } });
      expect(await peer.next()).toEqual({ type: 'pong', event_id: 7 });
      expect(await peer.next()).toEqual({ type: 'pong', event_id: 8 });
      expect(events).toEqual([{ type: 'latency', roundTripMs: 40 }]);
    });

    it('sends text, context, user activity and tool results to the vendor', async () => {
      await create();
      const { peer, session } = await talk();
      session.sendText('Hi!');
      session.contextualUpdate('It rains.');
      session.userActivity();
      session.toolResult({ callId: 'tc1', result: 'noon', isError: false });
      expect(await peer.next()).toEqual({ type: 'user_message', text: 'Hi!' });
      expect(await peer.next()).toEqual({ type: 'contextual_update', text: 'It rains.' });
      expect(await peer.next()).toEqual({ type: 'user_activity' });
      expect(await peer.next()).toEqual({ type: 'client_tool_result', tool_call_id: 'tc1', result: 'noon', is_error: false });
    });

    it('reports transcripts, reply texts, tool calls and corrections in the order in which they arrive', async () => {
      await create();
      const { peer, events } = await talk();
      const parameters = { zone: 'UTC' };
      peer.send({ type: 'tentative_user_transcript', tentative_user_transcription_event: { user_transcript: 'wh' } });
      peer.send({ type: 'user_transcript', user_transcription_event: { user_transcript: 'What?' } });
      peer.send({ type: 'vad_score', vad_score_event: { vad_score: 1 } });
      peer.send({ type: 'agent_chat_response_part', text_response_part: { text: 'It', type: 'delta', event_id: 1 } });
      peer.send({ type: 'agent_response', agent_response_event: { agent_response: 'It is.', event_id: 1 } });
      peer.send({ type: 'client_tool_call', client_tool_call: { tool_name: 't', tool_call_id: 'tc1', parameters } });
      peer.send({
        type: 'agent_response_correction',
        agent_response_correction_event: { original_agent_response: 'It is.', corrected_agent_response: 'It…' },
      });
      await until(() => events.length === 6);
      expect(events).toEqual([
        { type: 'user_transcript', text: 'wh', isFinal: false },
        { type: 'user_transcript', text: 'What?', isFinal: true },
        { type: 'reply_text_part', text: 'It' },
        { type: 'reply_text', text: 'It is.' },
        { type: 'tool_called', callId: 'tc1', name: 't', parameters },
        { type: 'reply_corrected', original: 'It is.', text: 'It…' },
      ]);
    });

    it('reports a final transcript once, and no transcript of the same turn after it', async () => {
      await create();
      const { peer, events } = await talk();
      const heard = (type: 'user_transcript' | 'tentative_user_transcript', text: string, id: number) => ({
        type,
        [type === 'user_transcript' ? 'user_transcription_event' : 'tentative_user_transcription_event']: {
          user_transcript: text,
          event_id: id,
        },
      });
      peer.send(heard('tentative_user_transcript', 'On', 1));
      peer.send(heard('user_transcript', 'One.', 1));
      peer.send(heard('user_transcript', 'One.', 1));
      peer.send(heard('tentative_user_transcript', 'One', 1));
      peer.send(heard('tentative_user_transcript', 'Two', 2));
      await until(() => events.length === 3);
      expect(events).toMatchObject([
        { text: 'On', isFinal: false },
        { text: 'One.', isFinal: true },
        { text: 'Two', isFinal: false },
      ]);
    });

    it('reports no further parts of a reply text after it has reported the whole text', async () => {
      await create();
      const { peer, events } = await talk();
      const part = (text: string, id: number) => ({
        type: 'agent_chat_response_part',
        text_response_part: { text, type: 'delta', event_id: id },
      });
      peer.send(part('It', 3));
      peer.send({ type: 'agent_response', agent_response_event: { agent_response: 'It is.', event_id: 3 } });
      peer.send(part(' is.', 3));
      peer.send(part('Next', 4));
      await until(() => events.length === 3);
      expect(events).toEqual([
        { type: 'reply_text_part', text: 'It' },
        { type: 'reply_text', text: 'It is.' },
        { type: 'reply_text_part', text: 'Next' },
      ]);
    });

    it('drops audio and text whose event id is at or below that of the interruption', async () => {
      await create();
      const { peer, events } = await talk();
      peer.send(audio(4, 1));
      peer.send({ type: 'interruption', interruption_event: { event_id: 6 } });
      peer.send(audio(5, 2));
      peer.send({ type: 'agent_response', agent_response_event: { agent_response: 'late', event_id: 5 } });
      peer.send({ type: 'agent_chat_response_part', text_response_part: { text: 'late', type: 'delta', event_id: 6 } });
      peer.send(audio(6, 3));
      peer.send(audio(7, 4));
      await until(() => audioOf(events).length === 2);
      expect(audioOf(events)).toEqual([[1], [4]]);
      expect(events.map(({ type }) => type)).toEqual(['audio', 'interrupted', 'audio']);
    });

    it('sends the microphone audio unchanged to an agent that takes 16 kHz, in pieces of at most 100 ms', async () => {
      await create();
      const { peer, session } = await talk();
      session.pushAudio(Int16Array.of(1, -2, 32_767));
      expect(await peer.next()).toEqual({ user_audio_chunk: base64(1, -2, 32_767) });
      session.pushAudio(new Int16Array(4_000).fill(5));
      const lengths = [await peer.next(), await peer.next(), await peer.next()].map(
        ({ user_audio_chunk: chunk }) => Buffer.from(String(chunk), 'base64').length / 2,
      );
      expect(lengths).toEqual([1_600, 1_600, 800]);
    });

    const tone = (rateHz: number, ms: number) =>
      Int16Array.from({ length: (rateHz * ms) / 1000 }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * 500 * i) / rateHz)));
    const crossings = (pcm: readonly number[]) => pcm.filter((sample, i) => i > 0 && pcm[i - 1] < 0 && sample >= 0).length;

    it.each([
      ['pcm_8000', 8_000],
      ['pcm_48000', 48_000],
      ['ulaw_8000', 8_000],
    ])('resamples the microphone audio to %s without breaks between the pieces', async (format, rateHz) => {
      await create();
      const { peer, session } = await talk({ user_input_audio_format: format });
      const pcm = tone(16_000, 1_000);
      for (let start = 0; start < pcm.length; start += 320) session.pushAudio(pcm.subarray(start, start + 320));
      const bytes: Buffer[] = [];
      const perSample = format === 'ulaw_8000' ? 1 : 2;
      while (Buffer.concat(bytes).length / perSample < rateHz * 0.98) {
        bytes.push(Buffer.from(String((await peer.next())['user_audio_chunk']), 'base64'));
      }
      const all = Buffer.concat(bytes);
      const heard =
        perSample === 2
          ? [...new Int16Array(all.buffer, all.byteOffset, all.length / 2)]
          : // The upper bit of µ-law is the sign.
            [...all].map((byte) => (byte & 0x80 ? 1 : -1));
      expect(crossings(heard) / (heard.length / rateHz)).toBeCloseTo(500, -1);
    });

    it.each([
      ['pcm_16000', 16_000],
      ['pcm_44100', 44_100],
    ])('resamples %s audio of the agent, even when a piece ends in the middle of a sample', async (format, rateHz) => {
      await create();
      const { peer, events } = await talk({ agent_output_audio_format: format });
      const bytes = Buffer.from(tone(rateHz, 1_000).buffer);
      for (let start = 0; start < bytes.length; start += 4_001) {
        const piece = bytes.subarray(start, start + 4_001).toString('base64');
        peer.send({ type: 'audio', audio_event: { audio_base_64: piece, event_id: 1 } });
      }
      const heard = () => audioOf(events).flat();
      await until(() => heard().length > 23_900);
      expect(heard().length).toBeLessThanOrEqual(24_000);
      expect(crossings(heard()) / (heard().length / 24_000)).toBeCloseTo(500, -1);
    });

    it('passes on the beginning of a long piece of audio before the rest of it is converted', async () => {
      await create();
      const { peer, events } = await talk({ agent_output_audio_format: 'pcm_16000' });
      const piece = Buffer.from(tone(16_000, 500).buffer).toString('base64');
      const alignment = { chars: ['a'], char_start_times_ms: [0], char_durations_ms: [500] };
      peer.send({ type: 'audio', audio_event: { audio_base_64: piece, event_id: 1, alignment } });
      await until(() => events.length === 2);
      const [head, rest] = events.flatMap((event) => (event.type === 'audio' ? [event] : []));
      expect(head.pcm.length).toBeLessThanOrEqual(2_400);
      expect(head.alignment).toEqual({ chars: ['a'], startMs: [0], durationMs: [500] });
      expect(rest).not.toHaveProperty('alignment');
      expect(head.pcm.length + rest.pcm.length).toBeGreaterThan(11_900);
    });

    it('decodes µ-law audio from the agent', async () => {
      await create();
      const { peer, events } = await talk({ agent_output_audio_format: 'ulaw_8000' }, { outputSampleRateHz: 8_000 });
      const piece = Buffer.of(0x80, 0xff, 0x00).toString('base64');
      peer.send({ type: 'audio', audio_event: { audio_base_64: piece, event_id: 1 } });
      await until(() => events.length === 1);
      expect(audioOf(events)).toEqual([[32_124, 0, -32_124]]);
    });

    it('reports each piece of audio separately, in order', async () => {
      await create();
      const { peer, events } = await talk();
      for (let i = 1; i <= 50; i++) peer.send(audio(i, i, i));
      await until(() => events.length === 50);
      expect(audioOf(events)).toEqual(Array.from({ length: 50 }, (_, i) => [i + 1, i + 1]));
    });

    it.each<[string, (index: number) => number | undefined]>([
      ['a different id for each piece', (index) => index],
      ['the same id for all pieces', () => 5],
      ['no ids', () => undefined],
    ])('reports every one of many identical pieces of audio when the vendor sends %s', async (_name, idOf) => {
      await create();
      const { peer, events } = await talk();
      for (let index = 1; index <= 75; index++) {
        peer.send({ type: 'audio', audio_event: { audio_base_64: base64(1, 2), event_id: idOf(index) } });
      }
      await until(() => audioOf(events).length === 75);
      expect(audioOf(events)).toEqual(Array<number[]>(75).fill([1, 2]));
    });

    it('reports the whole text of a reply once when the vendor repeats it with the same id', async () => {
      await create();
      const { peer, events } = await talk();
      const reply = (id: number, text: string) => ({
        type: 'agent_response',
        agent_response_event: { agent_response: text, event_id: id },
      });
      for (const message of [reply(3, 'Yes.'), reply(3, 'Yes.'), reply(3, 'It is.'), reply(4, 'It is.'), audio(5, 9)]) peer.send(message);
      await until(() => audioOf(events).length > 0);
      expect(events.flatMap((event) => (event.type === 'reply_text' ? [event.text] : []))).toEqual(['Yes.', 'It is.', 'It is.']);
    });

    it('sends silence while the client sends no audio', async () => {
      await create();
      const { peer } = await talk();
      const { user_audio_chunk: chunk } = await peer.next();
      const silence = Buffer.from(String(chunk), 'base64');
      expect(silence).toHaveLength(3_200);
      expect(silence.every((byte) => byte === 0)).toBe(true);
    });
  });

  describe('the end of the conversation', () => {
    it('is attributed to the agent when the vendor closes the connection normally', async () => {
      await create();
      const { peer, events } = await talk();
      peer.send(audio(1, 1));
      peer.send({ type: 'agent_tool_response', agent_tool_response: { tool_name: 'end_call', is_error: false } });
      peer.send(audio(2, 2));
      peer.socket.close(1000);
      await until(() => events.length === 4);
      expect(events.map(({ type }) => type)).toEqual(['audio', 'hanging_up', 'audio', 'ended']);
      expect(events.at(-1)).toEqual({ type: 'ended', by: 'agent' });
    });

    it('is attributed to the agent when it had announced the end before the connection broke, and when the maximum duration is reached', async () => {
      await create();
      const first = await talk();
      first.peer.send({ type: 'agent_tool_response', agent_tool_response: { tool_name: 'end_call', is_error: false } });
      first.peer.socket.close(1011);
      const second = await talk();
      second.peer.send({ type: 'error', error_event: { code: 1000, error_type: 'max_duration_exceeded' } });
      second.peer.socket.close(1000);
      for (const { events } of [first, second]) {
        await until(() => events.at(-1)?.type === 'ended');
        expect(events.at(-1)).toEqual({ type: 'ended', by: 'agent' });
      }
    });

    it.each<[string, (peer: ServerConnection) => void, ProviderErrorCode]>([
      ['the vendor closes with code 1002', (peer) => peer.socket.close(1002), 'unavailable'],
      ['the vendor closes with code 1008', (peer) => peer.socket.close(1008), 'invalid_request'],
      ['the vendor closes with code 1011', (peer) => peer.socket.close(1011), 'unavailable'],
      ['the vendor closes without a code', (peer) => peer.socket.close(), 'connection_lost'],
      ['the connection breaks without a close frame', (peer) => peer.socket.terminate(), 'connection_lost'],
      ['the vendor sends something that is no message of the protocol', (peer) => peer.socket.send('[]'), 'bad_response'],
      [
        'the quota is used up',
        (peer) => {
          peer.send({ type: 'error', message: 'received 1002: exceeds your quota limit.' });
          peer.socket.close(1002);
        },
        'quota',
      ],
      [
        'the vendor reports an error and does not close the connection',
        (peer) => peer.send({ type: 'error', error_event: { code: 1002, error_type: 'llm_timeout' } }),
        'timeout',
      ],
    ])('is reported as a failure when %s', async (_name, act, code) => {
      await create();
      const { peer, events, session } = await talk();
      act(peer);
      await until(() => events.length > 0);
      expect(events).toEqual([{ type: 'ended', by: 'failure', error: expect.objectContaining({ code, provider: 'elevenlabs' }) }]);
      session.sendText('too late');
      session.pushAudio(new Int16Array(320));
      await session.close();
      expect(events).toHaveLength(1);
    });

    it.each(['close', 'abort'])('causes no event when the client ends it by %s', async (how) => {
      await create();
      const { peer, events, session, controller } = await talk();
      if (how === 'abort') controller.abort();
      const closing = session.close();
      peer.send(audio(1, 1));
      expect(await peer.closed).toBe(1000);
      await closing;
      await session.close();
      expect(events).toEqual([]);
    });
  });
});
