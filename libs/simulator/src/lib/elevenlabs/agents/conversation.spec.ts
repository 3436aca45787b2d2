import { eventIdOf } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';
import { silence, tone } from '../../testing/test-audio';
import { DEFAULT_AGENT_ID } from './simulated-agent';

/** The first message, at 15 characters a second. */
const SPOKEN_BYTES = Math.floor(('Hello.What can I do for you?'.length * 32_000) / 15 - 8);

describe('a conversation with an agent', () => {
  let setup: AgentTestSetup;

  beforeEach(async () => {
    setup = await AgentTestSetup.start();
  });

  afterEach(() => setup.close());

  it('begins with the metadata, a ping, and the first message with its audio', async () => {
    const caller = await setup.call(DEFAULT_AGENT_ID);
    await eventually(() => caller.audio.length >= SPOKEN_BYTES);
    expect(caller.socket.frames[0]).toEqual({
      type: 'conversation_initiation_metadata',
      conversation_initiation_metadata_event: {
        conversation_id: expect.stringMatching(/^conv_[a-z0-9]{26}$/),
        agent_output_audio_format: 'pcm_16000',
        user_input_audio_format: 'pcm_16000',
      },
    });
    expect(caller.frameTypes).toEqual(['conversation_initiation_metadata', 'ping', 'agent_response', 'audio']);
    expect(caller.all('ping')).toEqual([{ type: 'ping', ping_event: { event_id: 1, ping_ms: null } }]);
    expect(caller.all('agent_response')).toEqual([
      { type: 'agent_response', agent_response_event: { agent_response: 'Hello. What can I do for you?', event_id: 2 } },
    ]);
    const ids = caller.all('audio').map(eventIdOf);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set([1, 2, ...ids]).size).toBe(ids.length + 2);
    expect(setup.counters).toMatchObject({ conversations: 1, conversationsOpen: 1, turns: 1, pings: 1, socketsOpen: 1 });
  });

  it('transcribes a spoken turn and answers it with text and audio', async () => {
    setup.simulator.recogniser.expect('two plus two');
    const caller = await setup.call();
    caller.speak();
    const response = await caller.next('agent_response');
    await caller.next('audio');
    expect(caller.frameTypes).toEqual([
      'conversation_initiation_metadata',
      'ping',
      'tentative_user_transcript',
      'user_transcript',
      'agent_response',
      'audio',
    ]);
    expect(caller.all('tentative_user_transcript')[0]).toEqual({
      type: 'tentative_user_transcript',
      tentative_user_transcription_event: { user_transcript: expect.stringMatching(/^two/), event_id: 2 },
    });
    expect(caller.all('user_transcript')).toEqual([
      { type: 'user_transcript', user_transcription_event: { user_transcript: 'Two plus two.', event_id: 2 } },
    ]);
    expect(response).toMatchObject({ agent_response_event: { agent_response: expect.stringContaining('four') } });
    expect(setup.counters).toMatchObject({ utterances: 1, turns: 1, interruptions: 0, audioInMs: 2200 });
  });

  it('answers several turns, each with higher event ids than the one before', async () => {
    const caller = await setup.call();
    let lastId = 0;
    for (const [said, answered] of [
      ['my name is michael', 'Michael'],
      ['what is my name', 'Your name is Michael.'],
    ] as const) {
      setup.simulator.recogniser.expect(said);
      caller.speak(400);
      const response = await caller.next('agent_response');
      expect(response).toMatchObject({ agent_response_event: { agent_response: expect.stringContaining(answered) } });
      expect(eventIdOf(response)).toBeGreaterThan(lastId);
      lastId = eventIdOf(await caller.next('audio'));
    }
  });

  it('does not answer noise or silence', async () => {
    const caller = await setup.call();
    caller.sendAudio(silence(400));
    caller.sendAudio(tone(60));
    caller.sendAudio(silence(900));
    // The level detector takes it for speech, but the recogniser finds no word in it.
    caller.speak(400);
    await eventually(() => setup.counters.utterances === 1 && setup.simulator.recogniser.openCount === 0);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(caller.frameTypes).toEqual(['conversation_initiation_metadata', 'ping']);
  });

  it('is interrupted by speech while its audio is playing, and then reports what was heard', async () => {
    // A minute of audio, so that even a slow machine interrupts it; all of it has been sent by then.
    const firstMessage = `Hello. ${'What can I do for you? '.repeat(40).trim()}`;
    await setup.close();
    setup = await AgentTestSetup.start({ agents: [{ id: 'teller', firstMessage }], limits: { elevenLabsSpeed: 6_000 } });
    const caller = await setup.call('teller');
    await eventually(() => setup.counters.audioOutMs > 55_000);
    const lastAudioId = Math.max(...caller.all('audio').map(eventIdOf));
    setup.simulator.recogniser.expect('two plus two');
    caller.speak();
    const interruption = await caller.next('interruption');
    expect(interruption).toEqual({ type: 'interruption', interruption_event: { event_id: expect.any(Number) } });
    expect(eventIdOf(interruption)).toBeGreaterThan(lastAudioId);
    expect(await caller.next('agent_response_correction')).toEqual({
      type: 'agent_response_correction',
      agent_response_correction_event: {
        original_agent_response: firstMessage,
        corrected_agent_response: expect.stringMatching(/^(Hello\..*…)?$/),
        event_id: 2,
      },
    });
    await caller.next('user_transcript');
    expect(eventIdOf(await caller.next('audio'))).toBeGreaterThan(eventIdOf(interruption));
    expect(setup.counters.interruptions).toBe(1);
  });

  it('behaves the same for the same seed', async () => {
    const listen = async (seed: number): Promise<string[]> => {
      await setup.close();
      setup = await AgentTestSetup.start({ seed });
      const caller = await setup.call(DEFAULT_AGENT_ID);
      await eventually(() => caller.audio.length >= SPOKEN_BYTES);
      return caller.socket.texts;
    };
    const [first, second, other] = [await listen(1), await listen(1), await listen(2)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
