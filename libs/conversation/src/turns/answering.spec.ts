import { givenPlayingOut, givenSpeaking, givenThinking, givenTurnEnded } from '../testing/given';

const audio = new Int16Array(1);

describe('the text of a reply', () => {
  it('starts the AI_SPEAKING phase with its first token', () => {
    expect(givenThinking().happens({ type: 'reply_text_produced', reply: 1, text: 'It' })).toEqual([
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "It"',
    ]);
  });

  it('is sent to the client token by token, and to the voice sentence by sentence', () => {
    const talk = givenThinking();
    const says = (text: string) => talk.happens({ type: 'reply_text_produced', reply: 1, text });
    says('It is');
    expect(says(' noon.')).toEqual(['reply_text 1 " noon."']);
    expect(says(' **Eat')).toEqual(['speak 1 "It is noon."', 'reply_text 1 " **Eat"']);
    expect(says('**')).toEqual(['reply_text 1 "**"']);
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual([
      'speak 1 "Eat"',
      'finish_speech 1',
      'reply_text 1 "" final "It is noon. **Eat**"',
    ]);
  });

  it('does not start the AI_SPEAKING phase with an empty token', () => {
    const talk = givenThinking();
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: '' })).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply: { marks: { speech_end: expect.any(Number) } } });
    expect(talk.state).not.toMatchObject({ reply: { marks: { llm_first_token: expect.any(Number) } } });
  });

  it('ends the reply once it is complete when nothing in it can be spoken', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: '👍' });
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual([
      'reply_text 1 "" final "👍"',
      'clear_timer stalled',
      'expect_echo off',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
    expect(talk.state).toMatchObject({ memory: [{ role: 'user' }, { role: 'assistant', content: '👍' }] });
  });

  it('is the whole reply when there is no voice', () => {
    const talk = givenThinking({ speech: false });
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' })).toEqual([
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "It is noon. "',
    ]);
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual([
      'reply_text 1 "" final "It is noon."',
      'clear_timer stalled',
      'expect_echo off',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
  });
});

describe('results that arrive late', () => {
  it('have no effect after the text has ended', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'more' })).toEqual([]);
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual([]);
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' })).toEqual([]);
  });

  it('have no effect after the audio has ended', () => {
    const talk = givenPlayingOut();
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 20 })).toEqual([]);
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual([]);
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'connection_lost' })).toEqual([]);
    expect(talk.happens({ type: 'audio_sent', reply: 1, durationMs: 1_000 })).toEqual([]);
    expect(talk.happens({ type: 'audio_finished', reply: 1 })).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', reply: { playout: { sentMs: 1_000 } } });
  });

  it('are ignored when they belong to another reply', () => {
    const talk = givenSpeaking();
    const state = talk.state;
    for (const reply of [0, 2]) {
      talk.happens({ type: 'reply_text_produced', reply, text: 'late' });
      talk.happens({ type: 'reply_text_ended', reply });
      talk.happens({ type: 'reply_audio_produced', reply, audio, durationMs: 20 });
      talk.happens({ type: 'reply_audio_ended', reply });
      talk.happens({ type: 'reply_failed', reply, stage: 'tts', reason: 'timeout' });
      talk.happens({ type: 'audio_sent', reply, durationMs: 20 });
      talk.happens({ type: 'audio_finished', reply });
    }
    expect(talk.state).toBe(state);
  });
});

describe('user speech over the assistant', () => {
  it('lowers the volume after 64 ms of speech windows and interrupts after 200 ms', () => {
    const talk = givenSpeaking();
    expect(talk.speech(60)).toEqual([]);
    expect(talk.speech(20)).toEqual(['set_timer audio_gap 5000', 'ducked 1 on']);
    expect(talk.speech(140)).toEqual([]);
    expect(talk.speech(20)).toEqual([
      'cancel_reply 1',
      'clear_timer stalled',
      'clear_timer audio_gap',
      'expect_echo off',
      'reply_text 1 "" final "It is noon." heard ""',
      'interrupted 1 speech',
      'measured 1',
      'state USER_SPEAKING 2',
      'open_utterance 2 from 2160',
      'set_timer audio_gap 5000',
    ]);
  });

  it('is measured from the last voiced window of the interruption', () => {
    const talk = givenSpeaking();
    const startMs = talk.nowMs;
    talk.speech(224);
    talk.silence(960);
    talk.happens({ type: 'transcript_finished', utterance: 2, text: 'stop' });
    expect(talk.state).toMatchObject({ turn: 2, reply: { marks: { speech_end: startMs + 224 } } });
  });

  it('has no effect when it stops too early and turns out to have no words', () => {
    const talk = givenSpeaking();
    talk.speech(128);
    expect(talk.silence(100)).toEqual([]);
    expect(talk.silence(60)).toEqual(['open_utterance 2 from 2160', 'finish_utterance 2', 'set_timer resume 1500']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: '' })).toEqual([
      'clear_timer resume',
      'clear_timer audio_gap',
      'ducked 1 off',
    ]);
    expect(talk.phase).toBe('AI_SPEAKING');
    expect(talk.speech(160)).toEqual(['set_timer audio_gap 5000', 'ducked 1 on']);
  });

  it('is counted across gaps of up to 96 ms', () => {
    const talk = givenSpeaking();
    talk.speech(128);
    expect(talk.silence(96)).toEqual([]);
    expect(talk.speech(96)).toContain('interrupted 1 speech');
  });

  it('is not extended by the unclear sound at its end', () => {
    const talk = givenSpeaking();
    talk.speech(192);
    expect(talk.unclear(96)).toEqual([]);
    expect(talk.unclear(64)).toContain('finish_utterance 2');
    expect(talk.phase).toBe('AI_SPEAKING');
  });

  it('has no effect when it is only single speech windows', () => {
    const talk = givenSpeaking();
    const effects = talk.during(() => Array.from({ length: 20 }, () => [talk.strayWindow(), talk.silence(32)]));
    expect(effects).toEqual([]);
  });

  it('interrupts a reply that has not begun, without lowering the volume first', () => {
    const talk = givenThinking();
    expect(talk.speech(220)).toEqual([]);
    expect(talk.speech(20).slice(0, 3)).toEqual(['cancel_reply 1', 'clear_timer stalled', 'interrupted 1 speech']);
  });

  it('does not lower the volume before any audio of the reply was sent', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    expect(talk.speech(80)).toEqual([]);
    talk.happens({ type: 'audio_sent', reply: 1, durationMs: 500 });
    expect(talk.speech(32)).toContain('ducked 1 on');
  });

  it('restores the volume at the end of the reply, and becomes the next turn', () => {
    const talk = givenPlayingOut();
    talk.speech(100);
    expect(talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_000 })).toEqual([
      'clear_timer stalled',
      'clear_timer audio_gap',
      'clear_timer playback_overdue',
      'expect_echo off',
      'ducked 1 off',
      'measured 1',
      'state USER_SPEAKING 2',
      'open_utterance 2 from 2160',
      'set_timer audio_gap 5000',
    ]);
    expect(talk.speech(160)).toEqual([]);
    expect(talk.silence(940)).toContain('state AI_PROCESSING 2');
  });

  it('does not keep the volume low when the microphone stops sending', () => {
    const talk = givenSpeaking();
    talk.speech(100);
    talk.wait(4_900);
    expect(talk.wait(100)).toEqual([expect.stringContaining('set_timer audio_gap'), 'clear_timer audio_gap', 'ducked 1 off']);
    expect(talk.phase).toBe('AI_SPEAKING');
  });
});

describe('the stop button', () => {
  it('stops the reply once, however often it is pressed', () => {
    const talk = givenSpeaking();
    expect(talk.happens({ type: 'interrupt_requested' })).toEqual([
      'cancel_reply 1',
      'clear_timer stalled',
      'expect_echo off',
      'reply_text 1 "" final "It is noon." heard ""',
      'interrupted 1 button',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
    expect(talk.happens({ type: 'interrupt_requested' })).toEqual([]);
  });

  it('stops a reply whose last audio is still playing', () => {
    expect(givenPlayingOut().happens({ type: 'interrupt_requested' })).toEqual([
      'cancel_reply 1',
      'clear_timer stalled',
      'clear_timer playback_overdue',
      'expect_echo off',
      'reply_text 1 "" final "It is noon." heard ""',
      'interrupted 1 button',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
  });

  it('removes the reply from memory and keeps the question', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'interrupt_requested' });
    expect(talk.state).toMatchObject({ memory: [{ role: 'user', content: 'what time is it' }] });
  });
});

describe('a typed message', () => {
  it('interrupts the reply, and waits for the transcript of a sound that is not yet known to be speech', () => {
    const talk = givenSpeaking();
    talk.speech(100);
    expect(talk.happens({ type: 'text_received', text: 'and in Delhi?' })).toEqual([
      'open_utterance 2 from 2160',
      'cancel_reply 1',
      'clear_timer stalled',
      'clear_timer audio_gap',
      'expect_echo off',
      'set_timer audio_gap 5000',
      'reply_text 1 "" final "It is noon." heard ""',
      'interrupted 1 text',
      'measured 1',
      'state USER_SPEAKING 2',
      'clear_timer audio_gap',
      'state AI_PROCESSING 2',
      'set_timer stalled 15000',
      'finish_utterance 2',
      'transcript 2 "and in Delhi?"',
    ]);
    const effects = talk.happens({ type: 'transcript_finished', utterance: 2, text: '' });
    expect(effects).toEqual(['transcript 2 "and in Delhi?" final', 'start_reply 2']);
  });

  it('interrupts a turn whose transcript is still pending', () => {
    const effects = givenTurnEnded().happens({ type: 'text_received', text: 'hello' });
    expect(effects.slice(0, 3)).toEqual(['clear_timer stalled', 'set_timer audio_gap 5000', 'interrupted 1 text']);
    expect(effects.slice(-2)).toEqual(['set_timer stalled 15000', 'transcript 2 "hello"']);
  });

  it('is sent to the model with the whole conversation', () => {
    const talk = givenPlayingOut({ systemPrompt: 'Be kind.' });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_000 });
    talk.happens({ type: 'text_received', text: 'and in Delhi?' });
    expect(talk.effects.at(-1)?.effect).toEqual({
      type: 'start_reply',
      reply: 2,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'what time is it' },
        { role: 'assistant', content: 'It is noon.' },
        { role: 'user', content: 'and in Delhi?' },
      ],
      speculative: false,
    });
  });
});
