import { decodeUlaw, encodeUlaw } from '@parley/audio';
import { toneHz } from '../../speech';
import { bodyOf, type AgentCaller } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';
import { tone } from '../../testing/test-audio';
import type { SimulatedAgentOptions } from './simulated-agent';

describe('the initiation of a conversation', () => {
  let setup: AgentTestSetup;
  const heard: string[][] = [];

  async function call(agent: Partial<SimulatedAgentOptions>, initiation: object | null = {}): Promise<AgentCaller> {
    const replies = {
      reply: (messages: readonly { role: string; content: string }[]) => {
        heard.push(messages.map(({ role, content }) => `${role}: ${content}`));
        return ['Fine.'];
      },
    };
    setup = await AgentTestSetup.start({ replies, agents: [{ id: 'agent', firstMessage: '', ...agent }] });
    return setup.call('agent', initiation);
  }

  afterEach(async () => {
    heard.splice(0);
    await setup.close();
  });

  const override = (config: object): object => ({ conversation_config_override: config });

  it('applies the overrides that the agent allows', async () => {
    const caller = await call(
      {},
      override({ agent: { first_message: 'Good day!', language: 'hi', prompt: { prompt: 'Be brief.' } }, tts: { voice_id: 'parley-ray' } }),
    );
    expect(await caller.nextResponse()).toBe('Good day!');
    await caller.next('audio');
    caller.write('How are you?');
    expect(await caller.nextResponse()).toBe('Fine.');
    expect(heard).toHaveLength(1);
    expect(heard[0]?.at(0)).toBe('system: Be brief.');
    expect(heard[0]?.at(-1)).toBe('user: How are you?');
    expect(pitchOf(caller)).toBeCloseTo(toneHz('parley-ray'), -2);
  });

  it.each([
    ['first_message', { agent: { first_message: 'Hi' } }],
    ['prompt', { agent: { prompt: { prompt: 'x' } } }],
    ['llm', { agent: { prompt: { llm: 'x' } } }],
    ['language', { agent: { language: 'hi' } }],
    ['keywords', { asr: { keywords: ['Kochi'] } }],
    ['voice_id', { tts: { voice_id: 'parley-ray' } }],
    ['speed', { tts: { speed: 1.1 } }],
    ['text_only', { conversation: { text_only: true } }],
  ])('refuses an override of %s that the agent does not allow', async (name, config) => {
    const caller = await call({ overrides: [] }, override(config));
    expect(await caller.socket.closed).toEqual({ code: 1008, reason: `Override for field '${name}' is not allowed by config.` });
    expect(caller.socket.frames).toEqual([
      {
        type: 'error',
        error_event: {
          code: 1008,
          message: `Override for field '${name}' is not allowed by config.`,
          error_type: 'override_error',
          reason: `Override for field '${name}' is not allowed by config.`,
          debug_message: null,
          details: {},
        },
      },
    ]);
    expect(setup.counters.conversations).toBe(0);
  });

  it.each([
    ['a voice that does not exist', { tts: { voice_id: 'nobody' } }],
    ['a first message that is no string', { agent: { first_message: 5 } }],
    ['a speed beyond 5', { tts: { speed: 9 } }],
    ['events that are no list', { conversation: { client_events: 'audio' } }],
    ['overrides that are no object', []],
  ])('refuses %s', async (_name, config) => {
    const caller = await call({ overrides: ['first_message', 'voice', 'voice_settings'] }, override(config));
    expect((await caller.socket.closed).code).toBe(1008);
    expect(caller.socket.frames).toMatchObject([{ type: 'error', error_event: { error_type: 'value_error' } }]);
  });

  it('fills in dynamic variables', async () => {
    const agent = { firstMessage: 'Hello {{ name }}, number {{number}} of {{system__agent_id}}.' };
    const caller = await call(agent, { dynamic_variables: { name: 'Asha', number: 7 } });
    expect(await caller.nextResponse()).toBe('Hello Asha, number 7 of agent.');
  });

  it.each([
    [{ firstMessage: 'Hello {{name}}.' }, { other: 'x' }, 'missing_dynamic_variable'],
    [{ prompt: 'You talk to {{name}}.' }, undefined, 'missing_dynamic_variable'],
    [{}, { name: ['Asha'] }, 'value_error'],
  ])('refuses the agent %j with the variables %j', async (agent, variables, errorType) => {
    const caller = await call(agent, { dynamic_variables: variables });
    expect((await caller.socket.closed).code).toBe(1008);
    expect(caller.socket.frames).toMatchObject([{ error_event: { error_type: errorType } }]);
  });

  it('may be left out, and then the first frame begins the conversation', async () => {
    const caller = await call({}, null);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(caller.socket.frames).toEqual([]);
    caller.write('Hello');
    expect(await caller.socket.next()).toMatchObject({ type: 'conversation_initiation_metadata' });
    expect(await caller.nextResponse()).toBe('Fine.');
  });

  it('may be required, and is accepted only once', async () => {
    const caller = await call({ requiresInitiation: true }, null);
    caller.write('Hello');
    expect((await caller.socket.closed).code).toBe(1008);
    expect(caller.socket.frames).toMatchObject([{ error_event: { error_type: 'invalid_message' } }]);
    const twice = await setup.call('agent');
    twice.socket.send({ type: 'conversation_initiation_client_data' });
    expect(await twice.next('error')).toMatchObject({ error_event: { error_type: 'invalid_message' } });
  });

  it('limits the events to client_events, but always sends the metadata', async () => {
    const caller = await call({}, override({ conversation: { client_events: ['agent_response', 'vad_score', 'no_such_event'] } }));
    setup.simulator.recogniser.expect('hello there');
    caller.speak();
    await caller.nextResponse();
    await eventually(() => setup.counters.audioOutMs > 300);
    expect(caller.frameTypes).toEqual(['conversation_initiation_metadata', 'vad_score', 'agent_response']);
    const scores = caller.all('vad_score').map((frame) => Number(bodyOf(frame)['vad_score']));
    expect(scores).toHaveLength(22);
    expect([scores[0], scores[10], scores[21]]).toEqual([0.04, 0.93, 0.04]);
  });

  it('sends the tentative reply to a client that asked for it', async () => {
    const caller = await call({}, override({ conversation: { client_events: ['internal_tentative_agent_response'] } }));
    caller.write('Hello');
    expect(await caller.next('internal_tentative_agent_response')).toEqual({
      type: 'internal_tentative_agent_response',
      tentative_agent_response_internal_event: { tentative_agent_response: 'Fine.' },
    });
  });

  it.each([
    ['pcm_8000', 16_000],
    ['pcm_22050', 44_100],
    ['pcm_24000', 48_000],
    ['pcm_44100', 88_200],
    ['pcm_48000', 96_000],
    ['ulaw_8000', 8000],
  ] as const)('encodes the agent’s audio as %s', async (outputFormat, bytesPerSecond) => {
    const caller = await call({ outputFormat, firstMessage: 'Fifteen letters' });
    expect(await caller.socket.next()).toMatchObject({
      conversation_initiation_metadata_event: { agent_output_audio_format: outputFormat },
    });
    await eventually(() => caller.audio.length >= bytesPerSecond - 8);
    expect(Math.abs(caller.audio.length - bytesPerSecond)).toBeLessThanOrEqual(8);
    if (outputFormat === 'ulaw_8000') expect(Math.max(...decodeUlaw(caller.audio))).toBeGreaterThan(7000);
  });

  it.each(['pcm_8000', 'pcm_24000', 'pcm_44100', 'pcm_48000', 'ulaw_8000'] as const)(
    'decodes %s, however the bytes are split',
    async (inputFormat) => {
      const caller = await call({ inputFormat });
      expect(await caller.socket.next()).toMatchObject({
        conversation_initiation_metadata_event: { user_input_audio_format: inputFormat },
      });
      setup.simulator.recogniser.expect('hello there');
      const rateHz = Number(inputFormat.split('_')[1]);
      const speech = [new Int16Array(rateHz * 0.4), tone(1000, rateHz), new Int16Array(rateHz)];
      const bytes = Buffer.concat(speech.map((pcm) => encoded(pcm, inputFormat === 'ulaw_8000')));
      for (let from = 0; from < bytes.length; from += 1001) {
        caller.socket.send({ user_audio_chunk: bytes.subarray(from, from + 1001).toString('base64') });
      }
      expect(bodyOf(await caller.next('user_transcript'))['user_transcript']).toBe('Hello there.');
    },
  );

  it('sends the alignment with the audio, or leaves it out, as the agent is configured', async () => {
    const caller = await call({ firstMessage: 'Hello there.' });
    await eventually(() => caller.audio.length > 25_000);
    const alignments = caller.all('audio').map((frame) => bodyOf(frame)['alignment'] as { chars: string[]; char_start_times_ms: number[] });
    expect(alignments.flatMap(({ chars }) => chars).join('')).toBe('Hello there.');
    expect(alignments.every(({ char_start_times_ms: times }) => times.every((timeMs) => timeMs >= 0 && timeMs <= 500))).toBe(true);
    await setup.close();
    const without = await call({ firstMessage: 'Hello there.', alignment: false });
    expect(bodyOf(await without.next('audio'))).not.toHaveProperty('alignment');
  });
});

function encoded(pcm: Int16Array, ulaw: boolean): Buffer {
  return ulaw ? Buffer.from(encodeUlaw(pcm)) : Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** The pitch of the agent's audio: upward zero crossings per second. */
function pitchOf(caller: AgentCaller): number {
  const pcm = new Int16Array(new Uint8Array(caller.audio.subarray(0, caller.audio.length & ~1)).buffer);
  let crossings = 0;
  for (let i = 1; i < pcm.length; i++) if ((pcm[i - 1] ?? 0) < 0 && (pcm[i] ?? 0) >= 0) crossings += 1;
  return (crossings * 16_000) / pcm.length;
}
