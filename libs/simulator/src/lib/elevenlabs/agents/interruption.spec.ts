import { bodyOf, eventIdOf, type AgentCaller } from '../../testing/agent-caller';
import { AgentTestSetup } from '../../testing/agent-test-setup';
import { eventually } from '../../testing/raw-socket';

/** Long enough, at the tone synthesiser's speed, that even a slow machine can interrupt it. */
const STORY_MS = 120_000;
const STORY = 'Once upon a time there was a rather long sentence that nobody heard to its end. '.repeat(23).trim();
const TELLER = { id: 'teller', firstMessage: STORY };

describe('an interruption', () => {
  let setup: AgentTestSetup;

  beforeEach(async () => {
    setup = await AgentTestSetup.start({ agents: [TELLER] });
  });

  afterEach(() => setup.close());

  async function listen(): Promise<AgentCaller> {
    const caller = await setup.call('teller');
    await caller.next('audio');
    await caller.next('audio');
    return caller;
  }

  const audioIdsAfter = (caller: AgentCaller, type: string): number[] => {
    const from = caller.socket.frames.findIndex((frame) => frame['type'] === type);
    return caller.socket.frames
      .slice(from)
      .filter((frame) => frame['type'] === 'audio')
      .map(eventIdOf);
  };

  it('by speech ends the audio, including what was not synthesised yet', async () => {
    const caller = await listen();
    caller.speak();
    const interruption = await caller.next('interruption');
    await caller.next('agent_response_correction');
    await eventually(() => setup.simulator.recogniser.openCount === 0);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(audioIdsAfter(caller, 'interruption')).toEqual([]);
    expect(Math.max(...caller.all('audio').map(eventIdOf))).toBeLessThan(eventIdOf(interruption));
    expect(setup.counters.audioOutMs).toBeLessThan(STORY_MS);
  });

  it('by a written message ends the audio too, and the message is answered', async () => {
    const caller = await listen();
    caller.write('What is two plus two?');
    const interruption = await caller.next('interruption');
    await caller.next('agent_response_correction');
    expect(await caller.nextResponse()).toContain('four');
    await caller.next('audio');
    expect(Math.min(...audioIdsAfter(caller, 'interruption'))).toBeGreaterThan(eventIdOf(interruption));
    expect(caller.all('user_transcript')).toEqual([]);
    expect(setup.counters).toMatchObject({ userMessages: 1, interruptions: 1 });
  });

  it('is followed by the part of the text that was heard, in whole words', async () => {
    const caller = await listen();
    // "Once upon" takes 600 ms.
    await new Promise((resolve) => setTimeout(resolve, 700));
    caller.write('Stop.');
    const correction = bodyOf(await caller.next('agent_response_correction'));
    expect(correction['original_agent_response']).toBe(STORY);
    const corrected = String(correction['corrected_agent_response']);
    expect(corrected).toMatch(/^Once upon\b.*…$/);
    const words = corrected.slice(0, -1).split(' ');
    expect(STORY.split(' ').slice(0, words.length)).toEqual(words);
    expect(correction['event_id']).toBe(eventIdOf(caller.all('agent_response')[0] ?? {}));
  });

  it('leaves only what was heard in the agent’s memory', async () => {
    const caller = await listen();
    caller.write('Repeat that.');
    // "Once" has not been heard by then, so there is nothing to repeat but the beginning.
    const repeated = await caller.nextResponse();
    expect(repeated).not.toContain('end.');
  });

  it('sends no correction when the reply was heard in full, and is not reported when nothing is playing', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ agents: [{ id: 'teller', firstMessage: 'Yes.' }] });
    const caller = await setup.call('teller');
    const whole = Math.floor(('Yes.'.length * 32_000) / 15 - 8);
    await eventually(() => caller.audio.length >= whole);
    // After the last of it was sent, it plays for at most 267 ms.
    await new Promise((resolve) => setTimeout(resolve, 320));
    caller.write('Hello.');
    await caller.nextResponse();
    expect(caller.all('interruption')).toEqual([]);
    expect(caller.all('agent_response_correction')).toEqual([]);
    expect(setup.counters.interruptions).toBe(0);
  });

  it('is followed by late audio with event ids below and equal to its own when a fault says so', async () => {
    setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'late-audio' } });
    const caller = await listen();
    caller.write('Stop.');
    const id = eventIdOf(await caller.next('interruption'));
    await caller.nextResponse();
    const late = audioIdsAfter(caller, 'interruption');
    expect(late.slice(0, 3)).toEqual([id - 2, id - 1, id]);
    await eventually(() => audioIdsAfter(caller, 'interruption').length > 3);
    expect(audioIdsAfter(caller, 'interruption')[3]).toBeGreaterThan(id);
    expect(bodyOf(caller.all('audio').at(2) ?? {})['audio_base_64']).not.toBe('');
  });

  it('before the first word of a reply only delays the reply', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ latency: { llmFirstTokenMs: 60_000 } });
    const caller = await setup.call();
    setup.simulator.recogniser.expect('two plus two');
    setup.simulator.recogniser.expect('three plus three');
    caller.speak(400);
    await caller.next('user_transcript');
    caller.speak(400);
    await caller.next('user_transcript');
    expect(caller.all('interruption')).toEqual([]);
    expect(setup.counters.interruptions).toBe(0);
  });

  it('also happens when a second utterance comes before the first is answered, and both get one reply', async () => {
    const caller = await setup.call();
    setup.simulator.recogniser.expect('two plus two');
    setup.simulator.recogniser.expect('three plus three');
    caller.speak(400);
    caller.speak(400);
    await caller.next('user_transcript');
    await caller.next('user_transcript');
    expect(await caller.nextResponse()).toContain('six');
    await caller.next('audio');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(caller.all('agent_response')).toHaveLength(1);
  });

  it('by a message in the middle of a text-only reply leaves that reply without its last part', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ agents: [{ id: 'writer', firstMessage: '', textOnly: true }], latency: { llmTokenGapMs: 20 } });
    const caller = await setup.call('writer');
    caller.write('Tell me a long story.');
    await caller.next('agent_chat_response_part');
    await caller.next('agent_chat_response_part');
    caller.write('What is two plus two?');
    await caller.next('interruption');
    expect(await caller.nextResponse()).toContain('four');
    const parts = caller.all('agent_chat_response_part').map((part) => bodyOf(part)['type']);
    expect(parts.filter((type) => type === 'start')).toHaveLength(2);
    expect(parts.filter((type) => type === 'stop')).toHaveLength(1);
    expect(caller.all('agent_response_correction')).toEqual([]);
  });

  it('is not reported for a reply that never reached the client', async () => {
    setup.simulator.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'stall' } });
    const caller = await setup.call();
    caller.write('Tell me a long story.');
    await eventually(() => setup.counters.turns === 1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    caller.write('What is two plus two?');
    expect(await caller.nextResponse()).toContain('four');
    expect(caller.all('interruption')).toEqual([]);
    expect(caller.all('agent_response_correction')).toEqual([]);
  });

  it('by noise without words does not prevent the answer to the question before it', async () => {
    await setup.close();
    setup = await AgentTestSetup.start({ latency: { llmFirstTokenMs: 100 } });
    const caller = await setup.call();
    setup.simulator.recogniser.expect('two plus two');
    caller.speak(400);
    await caller.next('user_transcript');
    // The recogniser finds no words in it.
    caller.speak(400);
    expect(await caller.nextResponse()).toContain('four');
    expect(caller.all('user_transcript')).toHaveLength(1);
  });
});
