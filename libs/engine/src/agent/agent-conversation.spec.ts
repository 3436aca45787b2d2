import { onVirtualTime } from '../testing/on-virtual-time';
import { TestAgentConversation } from '../testing/test-agent-conversation';
import { pass, settle } from '../testing/virtual-time';

describe('a conversation with the agent', () => {
  onVirtualTime();

  describe('in turns', () => {
    it('reports a spoken turn from its first words to the last sound of the answer', async () => {
      const test = await TestAgentConversation.start();
      const { sink, agent, conversation } = test;
      conversation.pushAudio(Int16Array.of(1, 2, 3));
      expect(agent.session.heard).toEqual([1, 2, 3]);
      agent.session.tell({ type: 'user_transcript', text: 'What is', isFinal: false });
      test.userSays('What is it?');
      await pass(200);
      test.agentSays('It is a parrot.', 1_000);
      await pass(3_000);
      expect(sink.log).toEqual([
        'state USER_SPEAKING 1',
        'transcript',
        'state AI_PROCESSING 1',
        'transcript',
        'state AI_SPEAKING 1',
        'reply_text',
        'speech 1',
        'speech 1',
        'speech 1 last',
        'turn_measured',
        'state USER_SPEAKING 2',
      ]);
      expect(sink.of('transcript')).toEqual([
        { type: 'transcript', turn: 1, text: 'What is', isFinal: false },
        { type: 'transcript', turn: 1, text: 'What is it?', isFinal: true },
      ]);
      expect(sink.of('reply_text')).toEqual([
        { type: 'reply_text', turn: 1, text: 'It is a parrot.', final: { fullText: 'It is a parrot.' } },
      ]);
      expect(sink.speechMsOf(1)).toBe(1_000);
      conversation.end('client');
    });

    it('measures only the steps that are known, counted from the final transcript', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      await pass(300);
      test.agentSays('Hi.', 400);
      await pass(100);
      test.conversation.reportPlayback({ turn: 1, event: 'started', playedMs: 0 });
      await pass(200);
      test.conversation.reportPlayback({ turn: 1, event: 'progress', playedMs: 200 });
      await pass(2_000);
      expect(test.sink.of('turn_measured')).toEqual([
        {
          type: 'turn_measured',
          turn: 1,
          marks: { stt_final: 0, tts_first_audio: 300, audio_sent: 300, playback_started: 400 },
          speculative: false,
        },
      ]);
      test.conversation.end('client');
    });

    it('never counts audio as played before it was sent, whatever the client reports', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      await pass(300);
      test.agentSays('Hi.', 400);
      await pass(20);
      test.conversation.reportPlayback({ turn: 1, event: 'ended', playedMs: 99_000 });
      await pass(2_000);
      expect(test.sink.of('turn_measured')[0].marks).toMatchObject({ audio_sent: 300, playback_started: 300 });
      test.conversation.end('client');
    });

    it('knows exactly when a typed turn ended', async () => {
      const test = await TestAgentConversation.start();
      test.conversation.pushText('Hello?');
      expect(test.agent.session.calls).toEqual([['sendText', 'Hello?']]);
      await pass(300);
      test.agentSays('Hi.', 400);
      await pass(2_000);
      expect(test.sink.of('turn_measured')[0].marks).toEqual({ speech_end: 0, turn_end: 0, tts_first_audio: 300, audio_sent: 300 });
      expect(test.sink.log.slice(1, 4)).toEqual(['state AI_PROCESSING 1', 'transcript', 'state AI_SPEAKING 1']);
      test.conversation.end('client');
    });

    it('does not start another turn when typed words come back as a transcript', async () => {
      const test = await TestAgentConversation.start();
      test.conversation.pushText('Hello?');
      test.userSays('Hello?');
      test.agentSays('Hi.', 400);
      expect(test.sink.of('transcript')).toHaveLength(1);
      expect(test.sink.state).toBe('AI_SPEAKING');
      expect(test.sink.of('interrupted')).toEqual([]);
      test.conversation.end('client');
    });

    it('lets the agent speak first and without being asked', async () => {
      const test = await TestAgentConversation.start();
      test.agentSays('Welcome!', 500);
      await pass(2_000);
      test.agentSays('Are you still there?', 500);
      await pass(2_000);
      expect(test.sink.of('state_changed').map(({ phase, turn }) => `${phase} ${turn}`)).toEqual([
        'USER_SPEAKING 1',
        'AI_PROCESSING 1',
        'AI_SPEAKING 1',
        'USER_SPEAKING 2',
        'AI_PROCESSING 2',
        'AI_SPEAKING 2',
        'USER_SPEAKING 3',
      ]);
      expect(test.sink.of('turn_measured')).toEqual([]);
      test.conversation.end('client');
    });

    it('reports text that arrives in pieces only once, and joins several texts of a turn', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      await pass(100);
      for (const text of ['Let', ' me see']) test.agent.session.tell({ type: 'reply_text_part', text });
      test.agent.session.tell({ type: 'reply_text', text: 'Let me see.' });
      test.agent.session.tell({ type: 'reply_text', text: 'It is three.' });
      test.agent.session.speak(300);
      expect(test.sink.of('reply_text').map(({ text, final }) => [text, final?.fullText])).toEqual([
        ['Let', undefined],
        [' me see', undefined],
        ['.', 'Let me see.'],
        [' It is three.', 'Let me see. It is three.'],
      ]);
      await pass(2_000);
      expect(test.sink.of('turn_measured')[0].marks).toMatchObject({ llm_first_token: 100 });
      test.conversation.end('client');
    });

    it('ends a turn as soon as its last letter was heard, when the agent sends the timing of the letters', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      test.agent.session.tell({ type: 'reply_text', text: 'Hi you.' });
      const times = (chars: string) => ({
        chars: [...chars],
        startMs: [...chars].map((_, i) => i * 50),
        durationMs: [...chars].map(() => 50),
      });
      test.agent.session.speak(200, 1, times('Hi '));
      expect(test.sink.speechOf(1).some(({ last }) => last)).toBe(false);
      test.agent.session.speak(200, 1, times('you.'));
      test.agent.session.speak(100);
      await pass(280);
      expect(test.sink.speechOf(1).some(({ last }) => last)).toBe(false);
      await pass(40);
      expect(test.sink.log.at(-1)).toBe('speech 1 last');
      // The time that the player buffers, plus the length of the audio.
      await pass(460);
      expect(test.sink.state).toBe('AI_SPEAKING');
      await pass(60);
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.end('client');
    });

    it('waits for a listener who reports falling behind, but not for one who stops playing', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      test.agentSays('Hi.', 1_000);
      test.conversation.reportPlayback({ turn: 1, event: 'started', playedMs: 0 });
      await pass(1_200);
      test.conversation.reportPlayback({ turn: 1, event: 'progress', playedMs: 200 });
      await pass(600);
      test.conversation.reportPlayback({ turn: 1, event: 'progress', playedMs: 300 });
      await pass(1_600);
      expect(test.sink.state).toBe('AI_SPEAKING');
      await pass(1_000);
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.end('client');
    });

    it('also ends a reply without audio', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      test.agent.session.tell({ type: 'reply_text', text: 'In text only.' });
      await pass(4_900);
      expect(test.sink.state).toBe('AI_SPEAKING');
      await pass(200);
      expect(test.sink.state).toBe('USER_SPEAKING');
      expect(test.sink.speech).toEqual([]);
      test.conversation.end('client');
    });

    it('limits how far audio is sent ahead of the listener', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Tell me a story!');
      for (let i = 0; i < 60; i++) test.agent.session.speak(500);
      expect(test.sink.speechMsOf(1)).toBeLessThanOrEqual(11_000);
      await pass(10_000);
      expect(test.sink.speechMsOf(1)).toBeGreaterThan(19_000);
      await pass(25_000);
      expect(test.sink.speechMsOf(1)).toBe(30_000);
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.end('client');
    });

    it('reports when no answer comes, and listens again', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      await pass(14_900);
      expect(test.sink.of('failure')).toEqual([]);
      await pass(200);
      expect(test.sink.of('failure')).toMatchObject([{ stage: 'agent', fatal: false }]);
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.end('client');
    });
  });

  describe('with a configured greeting', () => {
    const FIRST = 'Welcome to Parley.';

    it('plays the greeting from the cache and informs the agent', async () => {
      const test = await TestAgentConversation.start({ firstMessage: FIRST, lineMs: 1_000, overrides: { voiceId: 'v' } });
      expect(test.agent.openings[0].overrides).toEqual({ voiceId: 'v', firstMessage: '' });
      expect(test.agent.session.calls).toEqual([['contextualUpdate', expect.stringContaining(FIRST)]]);
      expect(test.sink.speechMsOf(1)).toBe(1_000);
      expect(test.sink.of('reply_text')).toMatchObject([{ turn: 1, final: { fullText: FIRST } }]);
      await pass(1_400);
      expect(test.sink.state).toBe('USER_SPEAKING');
      test.conversation.end('client');
    });

    it('lets the agent speak the greeting when it is not in the cache', async () => {
      const test = await TestAgentConversation.start({ firstMessage: FIRST });
      expect(test.agent.openings[0].overrides).toEqual({ firstMessage: FIRST });
      expect(test.sink.speech).toEqual([]);
      test.conversation.end('client');
    });

    it('plays nothing when the agent’s own greeting cannot be turned off', async () => {
      const test = await TestAgentConversation.start({ firstMessage: FIRST, lineMs: 1_000, overridable: ['voiceId'] });
      expect(test.sink.speech).toEqual([]);
      test.conversation.end('client');
    });

    it('stops the greeting at the first words of the user, even though the agent reports no interruption', async () => {
      const test = await TestAgentConversation.start({ firstMessage: FIRST, lineMs: 5_000 });
      test.agent.session.tell({ type: 'user_transcript', text: 'Wait', isFinal: false });
      expect(test.sink.of('interrupted')).toEqual([{ type: 'interrupted', turn: 1, reason: 'speech' }]);
      test.conversation.end('client');
    });
  });

  describe('with tools', () => {
    const call = (name: string, parameters = {}) => ({ type: 'tool_called', callId: 'tc1', name, parameters }) as const;
    const results = (test: TestAgentConversation) => test.agent.session.calls.filter(([name]) => name === 'toolResult').map(([, it]) => it);

    it('sends the result, and stays in the same turn while the agent continues', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('What time is it?');
      test.agentSays('Let me see.', 300);
      test.agent.session.tell(call('get_current_time'));
      await pass(2_000);
      expect(results(test)).toEqual([{ callId: 'tc1', isError: false, result: expect.stringContaining('1970') }]);
      test.agentSays('It is midnight.', 300);
      await pass(2_000);
      expect(test.sink.of('reply_text').at(-1)).toMatchObject({ turn: 1, final: { fullText: 'Let me see. It is midnight.' } });
      expect(test.sink.of('state_changed').at(-1)).toMatchObject({ phase: 'USER_SPEAKING', turn: 2 });
      test.conversation.end('client');
    });

    it('reports when the agent starts a tool and when the tool has ended', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('What time is it?');
      test.agent.session.tell(call('get_current_time'));
      expect(test.sink.of('tool')).toEqual([{ type: 'tool', turn: 1, name: 'get_current_time', status: 'started' }]);
      await pass(10);
      expect(test.sink.of('tool').map(({ status }) => status)).toEqual(['started', 'ended']);
      test.conversation.end('client');
    });

    it('tells the agent what is wrong with a call', async () => {
      const test = await TestAgentConversation.start();
      test.agent.session.tell(call('launch_rocket'));
      test.agent.session.tell(call('get_current_time', { time_zone: 'Mars/Olympus' }));
      await pass(10);
      expect(results(test)).toEqual([
        { callId: 'tc1', isError: true, result: expect.stringContaining('no such tool') },
        { callId: 'tc1', isError: true, result: expect.stringContaining('time zone') },
      ]);
      test.conversation.end('client');
    });

    it('runs only a limited number at once', async () => {
      const test = await TestAgentConversation.start({ tools: { call: () => new Promise(() => undefined) } });
      for (let i = 0; i < 6; i++) test.agent.session.tell(call('slow'));
      await settle();
      expect(results(test)).toHaveLength(2);
      test.conversation.end('client');
    });

    it('hangs up after the goodbye when the agent asks to', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Bye!');
      test.agent.session.tell(call('end_conversation'));
      await settle();
      test.agentSays('Goodbye.', 1_000);
      await pass(1_200);
      expect(test.sink.endings).toEqual([]);
      await pass(700);
      expect(test.sink.endings).toEqual(['client']);
      expect(test.sink.speechMsOf(1)).toBe(1_000);
    });

    it('also hangs up without a goodbye', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Bye!');
      test.agent.session.tell(call('end_conversation'));
      await pass(6_000);
      expect(test.sink.endings).toEqual(['client']);
      expect(test.sink.of('failure')).toEqual([]);
    });
  });

  describe('ends', () => {
    it.each(['client', 'server_shutdown', 'error'] as const)('once, with everything released: %s', async (reason) => {
      const test = await TestAgentConversation.start();
      test.userSays('Hello?');
      test.agentSays('A long answer.', 20_000);
      test.conversation.end(reason);
      test.conversation.end('client');
      expect(test.sink.endings).toEqual([reason]);
      expect(test.sink.log.slice(-3)).toEqual(['turn_measured', 'state IDLE 1', `ended ${reason}`]);
      expect([test.agent.openSessions, test.releases]).toEqual([0, 1]);
      const messages = test.sink.log.length;
      test.conversation.pushAudio(new Int16Array(320));
      test.conversation.pushText('Too late');
      test.conversation.interrupt();
      test.conversation.reportPlayback({ turn: 1, event: 'ended', playedMs: 1 });
      expect(test.sink.log).toHaveLength(messages);
    });

    it('when the agent hangs up, after everything it has said was heard', async () => {
      const test = await TestAgentConversation.start();
      test.userSays('Bye!');
      test.agentSays('Goodbye, and good luck.', 2_000);
      test.agent.session.tell({ type: 'hanging_up' });
      test.agent.session.hangUp();
      await pass(2_200);
      expect(test.sink.endings).toEqual([]);
      await pass(200);
      expect(test.sink.endings).toEqual(['client']);
      expect(test.sink.speechMsOf(1)).toBe(2_000);
      expect(test.sink.log).toContain('speech 1 last');
    });

    it('at once when the agent hangs up while nothing is playing', async () => {
      const test = await TestAgentConversation.start();
      test.agent.session.hangUp();
      expect(test.sink.endings).toEqual(['client']);
    });

    it('after a minute in which nobody speaks, but not while somebody speaks', async () => {
      const test = await TestAgentConversation.start({ inactivityTimeoutMs: 10_000 });
      await pass(9_000);
      test.userSays('Hello?');
      for (let i = 0; i < 30; i++) test.agent.session.speak(500);
      await pass(15_000);
      expect(test.sink.state).toBe('AI_SPEAKING');
      await pass(10_500);
      expect(test.sink.endings).toEqual([]);
      await pass(500);
      expect(test.sink.endings).toEqual(['inactivity_timeout']);
    });

    it('at its maximum length, which is announced before', async () => {
      const test = await TestAgentConversation.start({ maxSessionMs: 100_000, inactivityTimeoutMs: 1_000_000 });
      await pass(69_980);
      expect(test.sink.of('ending_soon')).toEqual([]);
      await pass(40);
      expect(test.sink.of('ending_soon')).toMatchObject([{ inMs: 30_000 }]);
      await pass(30_000);
      expect(test.sink.endings).toEqual(['server_shutdown']);
    });
  });
});
