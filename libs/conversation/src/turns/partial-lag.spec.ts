import { ConversationScript } from '../testing/conversation-script';
import { givenListening } from '../testing/given';
import { FIRST_AUDIO_MS, FIRST_TOKEN_MS, SimulatedWorld, STT_FINAL_MS } from '../testing/simulated-world';
import type { TurnPolicy } from './turn-policy';

const POLICY: Partial<TurnPolicy> = { draftAfterSilenceMs: 200, maxEarlyDrafts: 3 };

const hears = (talk: ConversationScript, utterance: number, text: string): string[] =>
  talk.happens({ type: 'transcript_changed', utterance, text });
const finalises = (talk: ConversationScript, utterance: number, text: string): string[] =>
  talk.happens({ type: 'transcript_finished', utterance, text });

/** 640 ms of speech, of which the partial transcripts contain only a part. The microphone is at the border of a window before and after it. */
function speaks(talk: ConversationScript, utterance: number, partial: string): void {
  talk.silence(960);
  talk.speech(640);
  hears(talk, utterance, partial);
}

/** The first turn has shown that the last words arrive only with the final transcript, and has been removed again. Utterance 2 is open. */
function givenLaggingPartials(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenListening({ ...POLICY, ...policy });
  speaks(talk, 1, 'what time');
  talk.silence(320);
  finalises(talk, 1, 'What time is it?');
  talk.silence(640);
  talk.happens({ type: 'interrupt_requested' });
  speaks(talk, 2, 'what day');
  expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', userTurn: { segments: [{ utterance: 2, stage: 'open' }] } });
  return talk;
}

describe('a recogniser whose partial transcripts lack the last words', () => {
  it('is asked for its final transcript as soon as the voice seems to have ended, and the final is drafted', () => {
    const talk = givenLaggingPartials();
    expect(talk.silence(119)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 2']);
    expect(finalises(talk, 2, 'What day is it?')).toEqual(['start_reply 3']);
    expect(talk.silence(780)).toEqual(expect.arrayContaining(['state AI_PROCESSING 2', 'transcript 2 "What day is it?" final']));
  });

  it('causes no draft of incomplete words', () => {
    const talk = givenLaggingPartials();
    expect(hears(talk, 2, 'what day is it')).toEqual(['transcript 2 "what day is it"']);
    expect(talk.speech(640)).toEqual([]);
    expect(talk.silence(100)).toEqual([]);
  });

  it('is recognised by one final that adds several words, or by two finals that add one word each', () => {
    for (const [partials, isEarly] of [
      [['what time is'], false],
      [['what time is', 'what time is'], true],
      [['what time is', 'what time is it', 'what time is'], false],
      [['what time'], true],
      [[''], false],
    ] as const) {
      const talk = givenListening(POLICY);
      partials.forEach((partial, index) => {
        speaks(talk, index + 1, partial);
        talk.silence(320);
        finalises(talk, index + 1, 'What time is it?');
        talk.silence(640);
        talk.happens({ type: 'interrupt_requested' });
      });
      speaks(talk, partials.length + 1, 'what');
      expect(talk.silence(140).includes(`finish_utterance ${partials.length + 1}`)).toBe(isEarly);
    }
  });

  it('is trusted again once a partial transcript contained all words', () => {
    const talk = givenLaggingPartials();
    talk.silence(140);
    finalises(talk, 2, 'What day?');
    talk.silence(820);
    talk.happens({ type: 'interrupt_requested' });
    speaks(talk, 3, 'what day is it');
    expect(talk.silence(199)).toEqual(['start_reply 4']);
    expect(talk.silence(81)).toEqual(['finish_utterance 3']);
  });

  it.each<[string, Partial<TurnPolicy>]>([
    ['has no audio to hear an utterance again', { rejoinAudioMs: 0 }],
    ['has less of that audio than the utterance is long', { rejoinAudioMs: 1_200 }],
    ['has no drafts', { draftAfterSilenceMs: undefined }],
  ])('is not asked early under a policy that %s', (_, policy) => {
    expect(givenLaggingPartials(policy).silence(180)).not.toContain('finish_utterance 2');
  });

  describe('after a sound that may not be a voice', () => {
    function givenCough(): ConversationScript {
      const talk = givenLaggingPartials();
      talk.silence(960);
      talk.happens({ type: 'interrupt_requested' });
      talk.silence(960);
      talk.cough(128);
      return talk;
    }

    it('is asked for the words just as early, and they are drafted and make a turn', () => {
      const talk = givenCough();
      expect(talk.silence(140)).toEqual(['finish_utterance 3']);
      expect(finalises(talk, 3, 'No.')).toEqual(['start_reply 3']);
      expect(talk.silence(800)).toEqual(expect.arrayContaining(['state AI_PROCESSING 3', 'transcript 3 "No." final']));
    });

    it('leaves no trace when there are no words', () => {
      const talk = givenCough();
      talk.silence(140);
      finalises(talk, 3, '');
      expect(talk.silence(800)).toEqual(['clear_timer audio_gap', expect.stringContaining('set_timer inactivity')]);
      expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 3, userTurn: undefined });
    });

    it('hears the whole sound when it continues, and the words of the whole make a turn', () => {
      const talk = givenCough();
      talk.silence(140);
      finalises(talk, 3, 'No.');
      expect(talk.cough(96)).toEqual(['cancel_reply 3', expect.stringContaining('open_utterance 4')]);
      talk.silence(140);
      finalises(talk, 4, 'No way.');
      expect(talk.silence(800)).toContain('transcript 3 "No way." final');
    });
  });
});

describe('the first audio of the answer', () => {
  it.each(['fixed', 'adaptive'] as const)('comes earlier by as much as the final transcript does: %s turn-taking', (turnTaking) => {
    const world = new SimulatedWorld({ partials: 'lagging', answers: [{ text: 'It is noon.' }] });
    // The final transcript, not the end of the turn, decides when the answer can be heard.
    const talk = new ConversationScript({ ...POLICY, turnTaking, endOfTurnSilenceMs: 400 }, { world });
    talk.happens({ type: 'conversation_started' });
    const waits = [1, 2].map((turn) => {
      talk.silence(960);
      talk.speech(640);
      const voicedEndMs = talk.nowMs;
      talk.silence(6_400);
      const sent = talk.effects.find(({ effect }) => effect.type === 'send_audio' && effect.turn === turn);
      return (sent?.atMs ?? 0) - voicedEndMs;
    });
    // The last of three words that arrive 20 ms apart ends the sentence and the text.
    const answerMs = STT_FINAL_MS + FIRST_TOKEN_MS + 60 + FIRST_AUDIO_MS;
    expect(waits).toEqual([280 + answerMs, 120 + answerMs]);
  });
});

describe('a voice that continues after an early final transcript was requested', () => {
  it('is heard again from the start of the utterance, together with what follows', () => {
    const talk = givenLaggingPartials();
    const { audioMs } = talk;
    talk.silence(160);
    expect(talk.speech(80)).toEqual(['discard_utterance 2', `open_utterance 3 from ${audioMs - 640 - 400}`]);
    expect(finalises(talk, 2, 'What day is')).toEqual([]);
    talk.speech(240);
    talk.silence(960);
    finalises(talk, 3, 'What day is it tomorrow?');
    expect(talk.effects.map(({ effect }) => effect)).toContainEqual(
      expect.objectContaining({
        type: 'start_reply',
        messages: expect.arrayContaining([{ role: 'user', content: 'What day is it tomorrow?' }]),
      }),
    );
  });

  it('cancels the final transcript that has arrived, and its draft', () => {
    const talk = givenLaggingPartials();
    talk.silence(160);
    expect(finalises(talk, 2, 'What day is')).toEqual(['start_reply 3']);
    expect(talk.speech(80)).toEqual(['cancel_reply 3', expect.stringContaining('open_utterance 3')]);
    expect(hears(talk, 3, 'what day is it')).toEqual(['transcript 2 "what day is it"']);
  });

  it('is another part of the turn after a longer pause, as usual', () => {
    const talk = givenLaggingPartials();
    const { audioMs } = talk;
    talk.silence(352);
    expect(talk.speech(80)).toEqual([`open_utterance 3 from ${audioMs}`]);
    finalises(talk, 2, 'What day is it');
    talk.speech(240);
    talk.silence(960);
    expect(finalises(talk, 3, 'in Pune')).toContain('transcript 2 "What day is it in Pune" final');
  });

  it('causes only a limited number of early requests, and those made in vain are counted', () => {
    const talk = givenLaggingPartials();
    for (let pause = 0; pause < 5; pause++) {
      talk.silence(160);
      talk.speech(320);
    }
    expect(talk.effects.filter(({ effect }) => effect.type === 'finish_utterance')).toHaveLength(1 + 3);
    expect(talk.state).toMatchObject({ userTurn: { repeatedUtterances: 3 }, drafts: { total: { finalsInVain: 3 } } });
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    const told = talk.effects.flatMap(({ effect }) =>
      effect.type === 'notify' && effect.notification.type === 'ended' ? [effect.notification] : [],
    );
    expect(told).toMatchObject([{ drafts: { finalsInVain: 3 } }]);
  });
});
