import type { ConversationScript } from '../testing/conversation-script';
import { givenPlayingOut, givenSpeaking, givenThinking, givenTurnEnded } from '../testing/given';
import { playedSoFarMs } from '../playout/playout';
import type { TurnPolicy } from './turn-policy';

const RESUMABLE: Partial<TurnPolicy> = { interruptionMode: 'resumable' };
const PAUSE = ['paused 1 on', 'hold_audio on', 'set_timer resume 600'];
const RESUME = ['clear_timer resume', 'hold_audio off', 'paused 1 off'];
const UNDUCK = ['clear_timer audio_gap', 'ducked 1 off'];
const INTERRUPT = [
  'cancel_reply 1',
  'clear_timer stalled',
  'clear_timer resume',
  'hold_audio off',
  'clear_timer audio_gap',
  'expect_echo off',
  'set_timer audio_gap 5000',
  'reply_text 1 "" final "It is noon." heard "It"',
  'interrupted 1 speech',
  'measured 1',
  'state USER_SPEAKING 2',
];

const hears = (talk: ConversationScript, text: string, utterance = 2) => talk.happens({ type: 'transcript_changed', utterance, text });
const finalises = (talk: ConversationScript, text: string, utterance = 2) => talk.happens({ type: 'transcript_finished', utterance, text });
const playedMs = ({ state, nowMs }: ConversationScript): number => (state.phase === 'AI_SPEAKING' ? playedSoFarMs(state.reply, nowMs) : -1);

/** Reply 1 is being spoken. The audio clock is at 2 560 ms, which is the border of a window. */
const givenSpoken = (policy: Partial<TurnPolicy> = {}): ConversationScript => givenSpeaking({ ...RESUMABLE, ...policy });

/** The same after 224 ms of speech that ended 24 ms ago. */
function givenPaused(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenSpoken(policy);
  talk.wait(500);
  talk.speech(240);
  return talk;
}

describe('user speech over the assistant', () => {
  it('is transcribed from its first syllable as soon as it is noticed, and pauses the assistant once it is confirmed', () => {
    const talk = givenSpoken();
    expect(talk.speech(60)).toEqual([]);
    expect(talk.speech(20)).toEqual(['set_timer audio_gap 5000', 'ducked 1 on', 'open_utterance 2 from 2160']);
    expect(talk.speech(140)).toEqual([]);
    expect(talk.speech(20)).toEqual(PAUSE);
    expect(talk.phase).toBe('AI_SPEAKING');
    expect(talk.runningTimers).toEqual(['audio_gap', 'inactivity', 'resume', 'stalled']);
  });

  it('that ends before it is confirmed waits for its transcript, and has no effect when that has no words', () => {
    const talk = givenSpoken();
    talk.speech(160);
    expect(talk.silence(120)).toEqual([]);
    expect(talk.silence(20)).toEqual(['finish_utterance 2', 'set_timer resume 1500']);
    expect(finalises(talk, '[cough]')).toEqual(['clear_timer resume', ...UNDUCK]);
    expect(talk.state).toMatchObject({ pendingInterruption: undefined, ducked: false });
    expect(hears(talk, 'stop')).toEqual([]);
    expect(talk.speech(80)).toEqual(['set_timer audio_gap 5000', 'ducked 1 on', 'open_utterance 3 from 2448']);
  });

  it.each<Partial<TurnPolicy>>([{}, RESUMABLE])('that is not clearly a voice stops nothing without words: %j', (policy) => {
    const talk = givenSpeaking(policy);
    const effects = talk.during(() => {
      talk.cough(640);
      talk.silence(320);
      finalises(talk, '');
    });
    expect(effects.filter((effect) => /interrupted|paused|cancel/u.test(effect))).toEqual([]);
    expect(effects.filter((effect) => effect.startsWith('ducked'))).toEqual(['ducked 1 on', 'ducked 1 off']);
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', pendingInterruption: undefined });
    expect(givenThinking(policy).cough(640)).toEqual([]);
  });

  it.each<Partial<TurnPolicy>>([{}, RESUMABLE])('that is a short word interrupts the assistant and is answered: %j', (policy) => {
    const talk = givenSpeaking({ ...policy, draftAfterSilenceMs: 200 });
    talk.cough(160);
    talk.silence(160);
    const effects = finalises(talk, 'stop');
    expect(effects).toEqual(expect.arrayContaining(['clear_timer resume', 'interrupted 1 speech', 'transcript 2 "stop"', 'start_reply 2']));
    expect(talk.silence(760)).toEqual(expect.arrayContaining(['state AI_PROCESSING 2', 'transcript 2 "stop" final']));
  });

  it.each<[Partial<TurnPolicy>, string, boolean]>([
    [{}, 'okay', true],
    [RESUMABLE, 'okay', false],
    [{}, 'it is', false],
    [RESUMABLE, 'it is', false],
  ])('under %j: whether a short %j interrupts is %s', (policy, text, interrupts) => {
    const talk = givenSpeaking(policy);
    talk.wait(500);
    talk.cough(160);
    talk.silence(160);
    expect(finalises(talk, text).includes('interrupted 1 speech')).toBe(interrupts);
  });

  it.each<Partial<TurnPolicy>>([{}, RESUMABLE])('has no effect when its words arrive too late or not at all: %j', (policy) => {
    const talk = givenSpeaking(policy);
    talk.cough(160);
    talk.silence(160);
    expect(talk.wait(1_600)).toEqual(['discard_utterance 2', 'clear_timer resume', ...UNDUCK]);
    talk.cough(160);
    talk.silence(160);
    expect(talk.happens({ type: 'transcription_failed', utterance: 3, reason: 'timeout' })).toEqual(['clear_timer resume', ...UNDUCK]);
  });

  it.each<Partial<TurnPolicy>>([{}, RESUMABLE])('may continue while the transcript of its beginning is pending: %j', (policy) => {
    const talk = givenSpeaking(policy);
    talk.cough(160);
    talk.silence(256);
    const effects = talk.during(() => {
      talk.cough(160);
      talk.silence(160);
    });
    expect(effects).toEqual(expect.arrayContaining([expect.stringContaining('open_utterance 3'), 'finish_utterance 3']));
    expect(finalises(talk, '')).toEqual([]);
    expect(finalises(talk, 'no', 3)).toContain('interrupted 1 speech');
  });

  it.each<[Partial<TurnPolicy>, 'fails' | 'hangs']>([
    [{}, 'hangs'],
    [{}, 'fails'],
    [RESUMABLE, 'hangs'],
    [RESUMABLE, 'fails'],
  ])('keeps the word of its beginning when the rest gets no transcript: %j, %s', (policy, result) => {
    const talk = givenSpeaking(policy);
    talk.cough(160);
    talk.silence(256);
    talk.cough(160);
    talk.silence(160);
    expect(finalises(talk, 'no')).toEqual([]);
    const effects = talk.during(() => {
      if (result === 'hangs') talk.wait(1_600);
      else talk.happens({ type: 'transcription_failed', utterance: 3, reason: 'timeout' });
    });
    expect(effects).toEqual(expect.arrayContaining(['interrupted 1 speech', 'transcript 2 "no"']));
    const settled = talk.silence(960);
    expect(settled).toContain(result === 'hangs' ? 'transcript 2 "no" final' : 'failed 2 stt timeout');
    expect(talk.runningTimers).toContain('stalled');
  });

  it('that is a short word right after the last answer may be the end of its echo', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 700 });
    talk.happens({ type: 'text_received', text: 'and in Pune' });
    talk.cough(160);
    talk.silence(160);
    expect(finalises(talk, 'it is noon')).toEqual(['clear_timer resume']);
    expect(talk.phase).toBe('AI_PROCESSING');
  });

  it('that is confirmed while the transcript of its beginning is pending includes that beginning', () => {
    const talk = givenSpeaking();
    talk.cough(160);
    talk.silence(256);
    expect(talk.speech(240)).toEqual(expect.arrayContaining(['interrupted 1 speech', expect.stringContaining('open_utterance 3')]));
    finalises(talk, 'no');
    talk.silence(960);
    expect(finalises(talk, 'wait', 3)).toContain('transcript 2 "no wait" final');
  });

  it('that is a short word starts a new turn before the answer has begun', () => {
    const talk = givenThinking();
    talk.cough(160);
    expect(talk.silence(160)).toEqual(['open_utterance 2 from 2160', 'finish_utterance 2', 'set_timer resume 1500']);
    expect(finalises(talk, 'wait')).toEqual([
      'cancel_reply 1',
      'clear_timer stalled',
      'clear_timer resume',
      'set_timer audio_gap 5000',
      'interrupted 1 speech',
      'measured 1',
      'state USER_SPEAKING 2',
      'transcript 2 "wait"',
    ]);
  });

  it('that is a short word continues a turn whose transcript is pending', () => {
    const talk = givenTurnEnded();
    talk.cough(160);
    talk.silence(160);
    expect(finalises(talk, 'please')).toContain('interrupted 1 speech');
    expect(talk.silence(960)).toContain('state AI_PROCESSING 2');
    expect(finalises(talk, 'what time is it', 1)).toEqual(['transcript 2 "what time is it please" final', 'start_reply 1']);
  });

  it('that is not a word has no effect on a turn whose transcript is pending', () => {
    const talk = givenTurnEnded();
    talk.cough(160);
    talk.silence(160);
    expect(finalises(talk, '')).toEqual(['clear_timer resume']);
    expect(finalises(talk, 'what time is it', 1)).toEqual(['transcript 1 "what time is it" final', 'start_reply 1']);
  });

  it('interrupts later, once it turns out to be a voice', () => {
    const talk = givenSpeaking();
    expect(talk.cough(320)).not.toContain('interrupted 1 speech');
    expect(talk.speech(40)).toContain('interrupted 1 speech');
  });

  it('that turns out to be a voice only as it fades pauses the assistant, and is a turn', () => {
    const talk = givenSpoken();
    talk.cough(240);
    const { audioMs } = talk;
    const window = { endMs: audioMs, durationMs: 32, activity: 'silence', isSure: true } as const;
    expect(talk.happens({ type: 'audio_heard', audioMs: audioMs + 20, window })).toEqual(PAUSE);
    expect(finalises(talk, 'stop please')).toContain('interrupted 1 speech');
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', userTurn: { isSure: true } });
  });

  it('interrupts at once when its words are already known at confirmation', () => {
    const talk = givenSpoken();
    talk.speech(100);
    expect(hears(talk, 'stop please')).toEqual([]);
    expect(talk.speech(140).slice(-2)).toEqual(['state USER_SPEAKING 2', 'transcript 2 "stop please"']);
  });

  it('interrupts at once before anything of the answer is heard, and always in the immediate interruption mode', () => {
    expect(givenThinking(RESUMABLE).speech(240)).toContain('interrupted 1 speech');
    const talk = givenThinking(RESUMABLE);
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    expect(talk.speech(240)).toContain('interrupted 1 speech');
    expect(givenSpeaking().speech(240)).toContain('interrupted 1 speech');
  });

  it('is forgotten when the microphone stops sending', () => {
    const talk = givenSpoken();
    talk.speech(100);
    talk.wait(4_000);
    expect(talk.wait(1_200)).toEqual([expect.stringContaining('set_timer audio_gap'), 'discard_utterance 2', ...UNDUCK]);
  });
});

describe('the words that have paused the assistant', () => {
  it('interrupt the assistant, and are in the next transcript', () => {
    const talk = givenPaused();
    expect(hears(talk, 'okay')).toEqual([]);
    expect(hears(talk, 'okay stop')).toEqual([...INTERRUPT, 'transcript 2 "okay stop"']);
    expect(talk.state).toMatchObject({ userTurn: { voicedMs: 224, segments: [{ utterance: 2, stage: 'open' }] } });
    talk.speech(240);
    expect(talk.silence(920)).toEqual(expect.arrayContaining(['finish_utterance 2', 'state AI_PROCESSING 2']));
    expect(finalises(talk, 'okay stop please')).toEqual(expect.arrayContaining(['transcript 2 "okay stop please" final', 'start_reply 2']));
  });

  it.each(['uh-huh', 'Okay.', 'right', 'हाँ', '', ' '])('let the assistant continue when they are %j', (text) => {
    const talk = givenPaused();
    expect(talk.silence(140)).toEqual([]);
    expect(talk.silence(40)).toEqual(['finish_utterance 2', 'set_timer resume 420']);
    expect(hears(talk, text)).toEqual([]);
    expect(finalises(talk, text)).toEqual([...RESUME, ...UNDUCK]);
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', turn: 1, pendingInterruption: undefined });
    expect(talk.runningTimers).toEqual(['inactivity', 'stalled']);
    expect(finalises(talk, 'stop')).toEqual([]);
  });

  it('interrupt when they arrive with the final transcript, and are answered at once with a draft', () => {
    const talk = givenPaused({ draftAfterSilenceMs: 200 });
    talk.silence(200);
    expect(finalises(talk, 'stop please')).toEqual([...INTERRUPT, 'transcript 2 "stop please"', 'start_reply 2']);
    expect(talk.silence(740)).toContain('transcript 2 "stop please" final');
  });

  it('are judged by the configured list of back-channels', () => {
    const talk = givenPaused({ backChannels: ['stop'] });
    talk.silence(200);
    expect(finalises(talk, 'Stop. Stop!')).toEqual([...RESUME, ...UNDUCK]);
    expect(hears(givenPaused({ backChannels: [] }), 'okay okay')).toContain('interrupted 1 speech');
  });

  it('do not decide anything while a partial transcript has only one word, which may still change', () => {
    const talk = givenPaused();
    expect(hears(talk, 'milk')).toEqual([]);
    talk.silence(180);
    expect(finalises(talk, 'Okay.')).toEqual([...RESUME, ...UNDUCK]);
  });

  it('interrupt after all when only a single word arrives', () => {
    const goesOn = givenPaused();
    hears(goesOn, 'stop');
    expect(goesOn.speech(600)).toContain('interrupted 1 speech');
    const quiet = givenPaused();
    hears(quiet, 'stop');
    quiet.silence(180);
    expect(quiet.wait(440)).toContain('interrupted 1 speech');
  });
});

describe('a pause of the assistant', () => {
  it('ends after 600 ms without words when it is quiet', () => {
    const talk = givenPaused();
    talk.silence(200);
    expect(talk.wait(371)).toEqual([]);
    expect(talk.wait(1)).toEqual([]);
    expect(talk.wait(40)).toEqual(['discard_utterance 2', ...RESUME, ...UNDUCK]);
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', pendingInterruption: undefined });
  });

  it('lasts a little longer when the recogniser was asked for the words', () => {
    const talk = givenPaused();
    talk.speech(300);
    talk.silence(180);
    expect(talk.wait(100)).toEqual([]);
    expect(talk.phase).toBe('AI_SPEAKING');
    expect(finalises(talk, 'stop please')).toContain('interrupted 1 speech');
  });

  it('ends with an interruption by a voice that keeps talking when there are no partial transcripts', () => {
    const talk = givenPaused();
    const effects = talk.speech(640);
    expect(effects).toEqual(INTERRUPT);
    expect(talk.state).toMatchObject({ userTurn: { segments: [{ utterance: 2, stage: 'open' }] } });
  });

  it('ends although a voice keeps talking, when it only says yes', () => {
    const talk = givenPaused();
    hears(talk, 'yeah yeah yeah');
    expect(talk.speech(600)).toEqual(['discard_utterance 2', ...RESUME, ...UNDUCK]);
    expect(talk.speech(160)).toEqual(['set_timer audio_gap 5000', 'ducked 1 on', expect.stringContaining('open_utterance 3')]);
  });

  it('ends when the microphone stops sending', () => {
    const talk = givenPaused();
    expect(talk.wait(1_000)).toEqual(['finish_utterance 2', 'set_timer resume 400', 'discard_utterance 2', ...RESUME, ...UNDUCK]);
  });

  it('does not fail the conversation when the recogniser fails', () => {
    const talk = givenPaused();
    talk.silence(200);
    expect(talk.happens({ type: 'transcription_failed', utterance: 2, reason: 'timeout' })).toEqual([]);
    expect(talk.wait(600)).toEqual([...RESUME, ...UNDUCK]);
  });

  it('ends with an interruption by a voice that keeps talking after its recogniser failed, and a new recogniser is opened', () => {
    const talk = givenPaused();
    talk.happens({ type: 'transcription_failed', utterance: 2, reason: 'timeout' });
    expect(talk.speech(640)).toEqual(expect.arrayContaining(['interrupted 1 speech', 'open_utterance 3 from 2160']));
  });

  it.each<[string, (talk: ConversationScript) => string[], string[]]>([
    ['the stop button', (talk) => talk.happens({ type: 'interrupt_requested' }), ['interrupted 1 button']],
    ['a typed message', (talk) => talk.happens({ type: 'text_received', text: 'hi' }), ['interrupted 1 text', 'finish_utterance 2']],
    [
      'the end of the conversation',
      (talk) => talk.happens({ type: 'conversation_ended', reason: 'client' }),
      ['discard_utterance 2', 'end_session client'],
    ],
    [
      'a reply that fails for good',
      (talk) => [
        ...talk.happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'timeout' }),
        ...talk.happens({ type: 'reply_failed', reply: 2, stage: 'tts', reason: 'timeout' }),
      ],
      ['paused 1 off', 'ducked 1 off', 'state USER_SPEAKING 2'],
    ],
  ])('ends with %s', (_, happens, expected) => {
    const talk = givenPaused();
    const effects = happens(talk);
    expect(effects).toEqual(expect.arrayContaining([...expected, 'clear_timer resume', 'hold_audio off']));
    expect(talk.runningTimers).not.toContain('resume');
  });

  it('that comes after all was heard makes the words the next turn', () => {
    const talk = givenPlayingOut(RESUMABLE);
    talk.speech(240);
    const effects = talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_000 });
    expect(effects).toEqual(expect.arrayContaining(['paused 1 off', 'state USER_SPEAKING 2', 'set_timer audio_gap 5000']));
    expect(talk.state).toMatchObject({ memory: [{ role: 'user' }, { role: 'assistant' }], userTurn: { segments: [{ utterance: 2 }] } });
    expect(hears(talk, 'okay')).toEqual(['transcript 2 "okay"']);
  });
});

describe('playback after a pause', () => {
  it.each([undefined, 100])('continues from the same sample (reported before: %s)', (reported) => {
    const talk = givenSpoken();
    if (reported !== undefined) talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: reported });
    talk.wait(100);
    talk.speech(240);
    const before = playedMs(talk);
    talk.silence(300);
    finalises(talk, 'okay');
    expect(playedMs(talk)).toBeCloseTo(before, 5);
    talk.wait(100);
    expect(playedMs(talk)).toBeCloseTo(before + 100, 5);
  });

  it('is awaited for longer by the length of the pause', () => {
    const talk = givenPlayingOut(RESUMABLE);
    talk.wait(1_000);
    talk.speech(240);
    talk.silence(300);
    const effects = finalises(talk, 'okay');
    expect(effects).toEqual([...RESUME, 'set_timer playback_overdue 60', ...UNDUCK]);
    expect(talk.wait(59)).toEqual([]);
    expect(talk.wait(1)).toContain('state USER_SPEAKING 2');
  });

  it('does not end during the pause', () => {
    const talk = givenPlayingOut(RESUMABLE);
    talk.wait(1_000);
    talk.speech(240);
    expect(talk.silence(200)).toEqual(['set_timer playback_overdue 600', 'finish_utterance 2', 'set_timer resume 420']);
    expect(talk.phase).toBe('AI_SPEAKING');
  });

  it('that ends in an interruption counts as heard what was heard at the pause', () => {
    const talk = givenSpoken();
    talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 0 });
    talk.speech(240);
    const { state } = talk;
    const pausedAt = state.phase === 'AI_SPEAKING' ? playedSoFarMs(state.reply, state.pendingInterruption?.pausedAtMs ?? 0) : 0;
    expect(pausedAt).toBe(240);
    talk.silence(400);
    finalises(talk, 'stop');
    const told = talk.effects.flatMap(({ effect }) =>
      effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.heardText] : [],
    );
    expect(told).toEqual(['It']);
  });
});
