import { type ConversationScript } from '../testing/conversation-script';
import { givenListening, givenThinking, givenTurnEnded, givenUserSpeaking } from '../testing/given';
import type { TurnMarks } from './turn-marks';
import type { TurnPolicy } from './turn-policy';

/** Sends silence until the phase changes; returns how much audio it took since `sinceAudioMs`. */
function silenceUntilTurnEnd(talk: ConversationScript, sinceAudioMs: number): number {
  for (let ms = 0; ms < 2_000 && talk.phase === 'USER_SPEAKING'; ms++) talk.silence(1);
  expect(talk.phase).toBe('AI_PROCESSING');
  return talk.audioMs - sinceAudioMs;
}

const marksIn = (talk: ConversationScript): TurnMarks[] =>
  talk.effects.flatMap(({ effect }) =>
    effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.marks] : [],
  );

const heard = (talk: ConversationScript, text: string, utterance = 1): string[] =>
  talk.happens({ type: 'transcript_finished', utterance, text });

describe('the start of a turn', () => {
  it('opens an utterance at the second speech window, including the audio just before it', () => {
    const talk = givenListening();
    expect(talk.silence(960)).toEqual([]);
    expect(talk.speech(60)).toEqual([]);
    expect(talk.speech(20)).toEqual(['open_utterance 1 from 560', 'set_timer audio_gap 5000']);
    expect(talk.speech(560)).toEqual([]);
  });

  it('includes no audio from before the conversation', () => {
    expect(givenListening().speech(80)).toEqual(['open_utterance 1 from 0', 'set_timer audio_gap 5000']);
  });

  it('does not happen for single speech windows, however many there are', () => {
    const talk = givenListening();
    expect(talk.during(() => Array.from({ length: 20 }, () => [talk.strayWindow(), talk.silence(32)]))).toEqual([]);
  });

  it('does not happen for unclear sound, alone or after a single speech window', () => {
    const talk = givenListening();
    expect(talk.unclear(960)).toEqual([]);
    expect(talk.during(() => Array.from({ length: 20 }, () => [talk.strayWindow(), talk.unclear(32)]))).toEqual([]);
  });
});

describe('the end of a turn', () => {
  it('comes after 900 ms of silence on the audio clock', () => {
    const talk = givenUserSpeaking();
    expect(talk.silence(899)).toEqual([]);
    expect(talk.silence(1)).toEqual(['clear_timer audio_gap', 'state AI_PROCESSING 1', 'set_timer stalled 15000', 'finish_utterance 1']);
  });

  it('does not depend on when the frames arrive', () => {
    const talk = givenUserSpeaking();
    talk.silence(880);
    talk.wait(4_000);
    expect(talk.phase).toBe('USER_SPEAKING');
    talk.silence(20);
    expect(talk.phase).toBe('AI_PROCESSING');
  });

  it('is measured by the duration of the silence, even when audio arrives faster than real time', () => {
    const talk = givenUserSpeaking();
    const atMs = talk.nowMs;
    for (let frame = 0; frame < 48; frame++) {
      talk.silence(20);
      talk.nowMs = atMs;
    }
    talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' });
    talk.happens({ type: 'interrupt_requested' });
    expect(marksIn(talk)).toEqual([{ speech_end: 0, turn_end: 900, stt_final: 880, llm_request: 880 }]);
  });

  it.each([
    ['one stray speech window', [448], 900],
    ['separate stray speech windows', [448, 64, 64, 32], 900],
    ['a stray speech window at the very end, once it proves to be one', [864], 940],
  ])('is not delayed by %s', (_, pausesMs, expectedMs) => {
    const talk = givenUserSpeaking();
    for (const pauseMs of pausesMs) {
      talk.silence(pauseMs);
      talk.strayWindow();
    }
    expect(silenceUntilTurnEnd(talk, 1_600)).toBe(expectedMs);
  });

  it.each([448, 832, 864])('is delayed by two speech windows after %i ms', (pauseMs) => {
    const talk = givenUserSpeaking();
    talk.silence(pauseMs);
    talk.speech(64);
    const speechEndMs = talk.audioMs;
    const silenceMs = silenceUntilTurnEnd(talk, speechEndMs);
    expect(silenceMs).toBeGreaterThanOrEqual(900);
    expect(silenceMs).toBeLessThan(920);
  });

  it('is counted from the end of the fading sound after speech', () => {
    const talk = givenUserSpeaking();
    talk.unclear(96);
    expect(silenceUntilTurnEnd(talk, 1_696)).toBe(904);
  });

  it('also comes while the sound stays unclear', () => {
    const talk = givenUserSpeaking();
    talk.unclear(996);
    expect(talk.phase).toBe('USER_SPEAKING');
    talk.unclear(24);
    expect(talk.phase).toBe('AI_PROCESSING');
  });

  it('is not delayed by unclear sound after silence', () => {
    const talk = givenUserSpeaking();
    talk.silence(64);
    talk.unclear(320);
    expect(silenceUntilTurnEnd(talk, 1_600)).toBe(900);
  });

  it('is counted from the last voiced sample when the detector reports it, earlier or later than the last speech window', () => {
    const window = { durationMs: 32, activity: 'silence' } as const;
    for (const voicedEndMs of [1_580, 1_640]) {
      const talk = givenUserSpeaking();
      talk.happens({ type: 'audio_heard', audioMs: 1_660, window: { ...window, endMs: 1_632 + 32, voicedEndMs } });
      const end = voicedEndMs + 900;
      talk.happens({ type: 'audio_heard', audioMs: end - 1, window: { ...window, endMs: end - 4, voicedEndMs } });
      expect(talk.phase).toBe('USER_SPEAKING');
      talk.happens({ type: 'audio_heard', audioMs: end, window: { ...window, endMs: end - 4, voicedEndMs } });
      expect(talk.phase).toBe('AI_PROCESSING');
    }
  });

  const offsets = Array.from({ length: 32 }, (_, offsetMs) => offsetMs);

  it.each([500, 850])('does not come in a pause of %i ms, however the detector’s windows are aligned', (pauseMs) => {
    for (const offsetMs of offsets) {
      const talk = givenListening();
      talk.silence(960 + offsetMs);
      talk.speech(640);
      const effects = talk.during(() => [talk.silence(pauseMs), talk.speech(640)]);
      expect({ offsetMs, effects }).toEqual({ offsetMs, effects: [] });
    }
  });

  it('comes in a pause of 950 ms, however the detector’s windows are aligned', () => {
    for (const offsetMs of offsets) {
      const talk = givenListening();
      talk.silence(960 + offsetMs);
      talk.speech(640);
      talk.silence(950);
      expect({ offsetMs, phase: talk.phase }).toEqual({ offsetMs, phase: 'AI_PROCESSING' });
    }
  });

  it('is forced when the user talks for too long, and what follows is a turn of its own', () => {
    const talk = givenUserSpeaking({ maxUserTurnMs: 2_000 });
    expect(talk.speech(1_360)).toEqual([
      'turn_limit 1',
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'finish_utterance 1',
    ]);
    expect(talk.speech(240)).toContain('interrupted 1 speech');
    expect(talk.speech(1_600)).toEqual([]);
    expect(talk.speech(400)).toEqual(expect.arrayContaining(['turn_limit 2', 'state AI_PROCESSING 2']));
  });

  it('is not announced for a noise that was not speech', () => {
    const talk = givenListening({ maxUserTurnMs: 600 });
    talk.speech(96);
    expect(talk.unclear(640).filter((effect) => effect.startsWith('turn_limit'))).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, userTurn: undefined });
  });

  it('is forced after five seconds without audio, counted from the last frame', () => {
    const talk = givenUserSpeaking();
    talk.wait(3_000);
    talk.silence(20);
    talk.wait(4_999);
    expect(talk.phase).toBe('USER_SPEAKING');
    expect(talk.wait(1)).toEqual(['clear_timer audio_gap', 'state AI_PROCESSING 1', 'set_timer stalled 15000', 'finish_utterance 1']);
  });
});

describe('a short or unclear sound', () => {
  it('of less than 200 ms of speech windows needs words to count, is dropped without any, and leaves the turn open', () => {
    const talk = givenListening();
    talk.speech(192);
    expect(talk.silence(908)).toEqual(['finish_utterance 1']);
    expect(heard(talk, '')).toEqual([]);
    expect(talk.silence(20)).toEqual(['clear_timer audio_gap', 'set_timer inactivity 58880']);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, userTurn: undefined });
    talk.silence(64);
    expect(talk.speech(80)).toEqual(['open_utterance 2 from 784', 'set_timer audio_gap 5000']);
  });

  it('of 224 ms of speech windows is a turn', () => {
    const talk = givenListening();
    talk.speech(224);
    expect(talk.silence(916)).toContain('state AI_PROCESSING 1');
  });

  it('is measured without the pauses in it', () => {
    const talk = givenListening();
    for (const speechMs of [96, 64]) {
      talk.speech(speechMs);
      talk.silence(320);
    }
    expect(talk.silence(640)).toEqual(['finish_utterance 1']);
  });

  it.each([[[640]], [[224, 224, 224]]])('that is never clearly a voice is dropped without words, however long it is: %j', (coughsMs) => {
    const talk = givenListening({ draftAfterSilenceMs: 200 });
    coughsMs.forEach((coughMs, index) => {
      talk.cough(coughMs);
      talk.happens({ type: 'transcript_changed', utterance: index + 1, text: 'huh' });
      talk.silence(320);
      heard(talk, index % 2 === 0 ? '' : '[cough]', index + 1);
    });
    expect(talk.silence(640)).toEqual(expect.arrayContaining(['clear_timer audio_gap', 'transcript 1 "" final']));
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, userTurn: undefined, draft: undefined });
    expect(talk.runningTimers).toEqual(['inactivity']);
    expect(talk.effects.map(({ effect }) => effect)).not.toContainEqual(expect.objectContaining({ type: 'set_timer', timer: 'stalled' }));
  });

  it('is a turn when later audio shows that it was a voice', () => {
    const talk = givenListening();
    talk.cough(224);
    talk.silence(16);
    const { audioMs } = talk;
    const window = { endMs: 256, durationMs: 32, activity: 'silence', isSure: true } as const;
    talk.happens({ type: 'audio_heard', audioMs: audioMs + 20, window });
    expect(talk.state).toMatchObject({ userTurn: { isSure: true, lastVoicedAudioMs: 224 } });
    expect(talk.happens({ type: 'audio_heard', audioMs: 224 + 900 })).toContain('state AI_PROCESSING 1');
  });

  it('before words is part of their turn', () => {
    const talk = givenListening();
    talk.cough(160);
    talk.silence(320);
    talk.speech(96);
    expect(talk.silence(920)).toContain('state AI_PROCESSING 1');
  });

  it('that continues until the longest turn is cut off is dropped too', () => {
    const talk = givenListening({ maxUserTurnMs: 3_000 });
    const effects = talk.cough(3_200);
    expect(effects).toContain('discard_utterance 1');
    expect(effects).not.toContain('state AI_PROCESSING 1');
    expect(effects).not.toContain('turn_limit_reached 1');
  });

  it('withdraws the partial transcript that the client has seen', () => {
    const talk = givenListening();
    talk.speech(128);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'hm' });
    talk.silence(920);
    heard(talk, '');
    expect(talk.silence(20)).toContain('transcript 1 "" final');
  });

  it('that no frame follows is resolved after the audio gap, as soon as its transcript arrives', () => {
    for (const [text, expected] of [
      ['', 'clear_timer audio_gap'],
      ['no', 'state AI_PROCESSING 1'],
    ] as const) {
      const talk = givenListening();
      talk.speech(128);
      expect(talk.wait(5_000)).toEqual(['set_timer audio_gap 40', 'finish_utterance 1', 'set_timer audio_gap 5000']);
      expect(talk.phase).toBe('USER_SPEAKING');
      expect(heard(talk, text)).toContain(expected);
      expect(talk.runningTimers).toEqual(text === '' ? ['inactivity'] : ['inactivity', 'stalled']);
    }
  });

  it('is dropped without telling the client when its transcript fails', () => {
    for (const draftAfterSilenceMs of [undefined, 200]) {
      const talk = givenListening({ draftAfterSilenceMs });
      talk.cough(224);
      talk.silence(920);
      talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' });
      expect(talk.silence(20)).toEqual(['clear_timer audio_gap', expect.stringContaining('set_timer inactivity')]);
    }
  });

  it('is dropped after the stage timeout when its transcript never arrives, with or without frames', () => {
    for (const withFrames of [true, false]) {
      const talk = givenListening();
      talk.cough(224);
      talk.silence(920);
      const effects = talk.during(() => (withFrames ? talk.silence(15_100) : talk.wait(20_000)));
      expect(effects).toContain('discard_utterance 1');
      expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, userTurn: undefined });
      expect(talk.runningTimers).toEqual(['inactivity']);
    }
  });

  it('is a failed turn when its transcript fails after the client has seen words of it', () => {
    const talk = givenListening();
    talk.speech(128);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'no' });
    talk.silence(920);
    talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' });
    expect(talk.silence(20)).toEqual(expect.arrayContaining(['state AI_PROCESSING 1', 'failed 1 stt timeout']));
  });
});

describe('a word that is too short to be clearly speech', () => {
  /** A second of silence, a sound of 160 ms that is not clearly a voice, and then silence until shortly before a turn would end. */
  function givenShortWord(policy: Partial<TurnPolicy> = {}): ConversationScript {
    const talk = givenListening(policy);
    talk.silence(960);
    talk.cough(160);
    return talk;
  }

  it('is a turn when its final transcript has words, and nothing is reported before that', () => {
    const talk = givenShortWord();
    expect(talk.silence(920)).toEqual(['finish_utterance 1']);
    expect(talk.silence(140)).toEqual([]);
    expect(heard(talk, 'hi')).toEqual([]);
    expect(talk.silence(20)).toEqual([
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'transcript 1 "hi" final',
      'start_reply 1',
    ]);
  });

  it('is drafted and answered as early as any other turn', () => {
    const talk = givenShortWord({ draftAfterSilenceMs: 200 });
    const spokenMs = talk.audioMs;
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'hi' });
    expect(talk.silence(200)).toEqual(['finish_utterance 1', 'start_reply 1']);
    expect(heard(talk, 'Hi.')).toEqual([]);
    expect(silenceUntilTurnEnd(talk, spokenMs)).toBe(900);
    expect(talk.state).toMatchObject({ reply: { id: 1 }, userTurn: undefined });
  });

  it('is drafted from its final transcript when there was no partial transcript', () => {
    const talk = givenShortWord({ draftAfterSilenceMs: 200 });
    talk.silence(360);
    expect(heard(talk, 'Hi.')).toEqual(['start_reply 1']);
  });

  it('is joined by what is said while its transcript is pending', () => {
    const talk = givenShortWord();
    talk.silence(960);
    expect(talk.speech(320)).toEqual([expect.stringContaining('open_utterance 2')]);
    expect(heard(talk, 'no')).toEqual([]);
    talk.silence(920);
    expect(heard(talk, 'wait', 2)).toEqual(['transcript 1 "no wait" final', 'start_reply 1']);
  });

  it('ends its turn only after the silence that its words require', () => {
    const talk = givenShortWord({ turnTaking: 'adaptive' });
    talk.silence(920);
    heard(talk, 'and');
    expect(talk.silence(400)).toEqual([]);
    expect(talk.silence(200)).toContain('state AI_PROCESSING 1');
  });

  it('is part of the turn that is cut off at the maximum length', () => {
    const talk = givenListening({ maxUserTurnMs: 2_000, draftAfterSilenceMs: 200 });
    talk.cough(160);
    talk.silence(320);
    heard(talk, 'hi');
    expect(talk.cough(1_600)).toEqual(expect.arrayContaining(['turn_limit 1', 'state AI_PROCESSING 1']));
  });

  it('is answered when the sound after it never gets a transcript', () => {
    const talk = givenShortWord();
    talk.silence(960);
    talk.cough(160);
    heard(talk, 'no');
    talk.silence(960);
    const effects = talk.silence(15_100);
    expect(effects).toEqual(expect.arrayContaining(['discard_utterance 2', 'transcript 1 "no" final', 'start_reply 1']));
  });

  it('belongs to the turn that a typed message ends', () => {
    const talk = givenShortWord();
    talk.silence(960);
    expect(talk.happens({ type: 'text_received', text: 'hello' })).toEqual(expect.arrayContaining(['state AI_PROCESSING 1']));
    expect(heard(talk, 'hi')).toEqual(['transcript 1 "hi hello" final', 'start_reply 1']);
  });
});

describe('transcripts', () => {
  it('are reported to the client as they change', () => {
    const talk = givenUserSpeaking();
    const hears = (text: string) => talk.happens({ type: 'transcript_changed', utterance: 1, text });
    expect(hears('')).toEqual([]);
    expect(hears('what')).toEqual(['transcript 1 "what"']);
    expect(hears('what')).toEqual([]);
    expect(hears('what time')).toEqual(['transcript 1 "what time"']);
  });

  it('of the whole turn start the answer', () => {
    expect(givenTurnEnded().happens({ type: 'transcript_finished', utterance: 1, text: ' what time is it ' })).toEqual([
      'transcript 1 "what time is it" final',
      'start_reply 1',
    ]);
  });

  it('that arrive before the turn ends do not start the answer early', () => {
    const talk = givenUserSpeaking();
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
    expect(talk.speech(40)).toEqual(['open_utterance 2 from 1600']);
    talk.silence(960);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'is it' })).toEqual([
      'transcript 1 "what time is it" final',
      'start_reply 1',
    ]);
  });

  it.each(['', '  ', '.', '…', '?!', '[noise]', '<unk>', '(coughs)', '[NOISE] <sil>'])(
    'without a word in them end the turn without an answer and without an error: %j',
    (text) => {
      for (const policy of [{}, { draftAfterSilenceMs: 200 }]) {
        const talk = givenTurnEnded(policy);
        expect(talk.happens({ type: 'transcript_finished', utterance: 1, text })).toEqual([
          'transcript 1 "" final',
          'clear_timer stalled',
          'state USER_SPEAKING 2',
        ]);
        expect(talk.state).toMatchObject({ memory: [], userTurn: undefined, draft: undefined });
        expect(talk.runningTimers).toEqual(['inactivity']);
      }
    },
  );

  it('that contain no word get no draft', () => {
    const talk = givenUserSpeaking({ draftAfterSilenceMs: 200, maxEarlyDrafts: 3 });
    talk.happens({ type: 'transcript_changed', utterance: 1, text: '...' });
    expect(talk.silence(320)).toEqual(['finish_utterance 1']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: '[noise]' })).toEqual([]);
  });

  it.each(['5', 'हाँ', '(what time is it', 'no [noise]'])('that contain a word are answered: %j', (text) => {
    const talk = givenTurnEnded();
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text })).toContain('start_reply 1');
  });

  it.each([
    ['of an utterance that was never opened', 7],
    ['of an utterance that is already final', 1],
  ])('%s are ignored', (_, utterance) => {
    const talk = givenThinking();
    expect(talk.happens({ type: 'transcript_changed', utterance, text: 'late' })).toEqual([]);
    expect(talk.happens({ type: 'transcript_finished', utterance, text: 'late' })).toEqual([]);
    expect(talk.happens({ type: 'transcription_failed', utterance, reason: 'timeout' })).toEqual([]);
    expect(talk.phase).toBe('AI_PROCESSING');
  });
});

describe('words that are carried over to the next turn', () => {
  it('get no draft under a policy without drafts', () => {
    const talk = givenTurnEnded();
    talk.speech(240);
    talk.happens({ type: 'transcript_finished', utterance: 2, text: 'is it' });
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
  });

  it('join the next turn when the user continues before the transcript has arrived', () => {
    const talk = givenTurnEnded();
    expect(talk.speech(240)).toEqual([
      'clear_timer stalled',
      'set_timer audio_gap 5000',
      'interrupted 1 speech',
      'state USER_SPEAKING 2',
      'open_utterance 2 from 2160',
    ]);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
    talk.silence(960);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'is it' })).toEqual([
      'transcript 2 "what time is it" final',
      'start_reply 1',
    ]);
  });

  it('are dropped when the user presses the stop button', () => {
    expect(givenTurnEnded().happens({ type: 'interrupt_requested' })).toEqual([
      'clear_timer stalled',
      'discard_utterance 1',
      'interrupted 1 button',
      'state USER_SPEAKING 2',
    ]);
  });
});
