import { ConversationScript } from '../testing/conversation-script';
import { invariants } from '../testing/invariants';
import { FIRST_AUDIO_MS, FIRST_TOKEN_MS, type Outcome, SimulatedWorld, STT_FINAL_MS, type WorldScript } from '../testing/simulated-world';
import { PLAYER_BUFFER_MS } from '../testing/simulated-player';
import type { TurnNotification } from './turn-effect';
import type { TurnPolicy } from './turn-policy';

/** Whole conversations with simulated stages, described by the messages that the client receives. */

function conversation(world: Partial<WorldScript> = {}, policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = new ConversationScript(policy, { world: new SimulatedWorld(world), onStep: invariants() });
  talk.happens({ type: 'conversation_started' });
  talk.silence(960);
  return talk;
}

function toldBy(talk: ConversationScript): TurnNotification[] {
  return talk.effects.flatMap(({ effect }) => (effect.type === 'notify' ? [effect.notification] : []));
}

const measured = (talk: ConversationScript) => toldBy(talk).flatMap((told) => (told.type === 'turn_measured' ? [told] : []));
const phases = (talk: ConversationScript) =>
  toldBy(talk).flatMap((told) => (told.type === 'state_changed' ? [`${told.phase} ${told.turn}`] : []));
const memory = (talk: ConversationScript) => (talk.state.phase === 'IDLE' ? [] : talk.state.memory.map(({ content }) => content));

describe('a question and its answer', () => {
  it('go through all phases, and each step is measured from the last voiced frame', () => {
    const talk = conversation();
    talk.speech(640);
    talk.silence(6_400);
    expect(phases(talk)).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
    expect(memory(talk)).toEqual(['what time is it', 'It is noon. Have a good lunch.']);
    const sttFinal = 900 + STT_FINAL_MS;
    const ttsRequest = sttFinal + FIRST_TOKEN_MS + 60;
    expect(measured(talk)).toEqual([
      {
        type: 'turn_measured',
        turn: 1,
        speculative: false,
        marks: {
          speech_end: 0,
          turn_end: 900,
          stt_final: sttFinal,
          llm_request: sttFinal,
          llm_first_token: sttFinal + FIRST_TOKEN_MS,
          tts_request: ttsRequest,
          tts_first_audio: ttsRequest + FIRST_AUDIO_MS,
          audio_sent: ttsRequest + FIRST_AUDIO_MS,
          playback_started: ttsRequest + FIRST_AUDIO_MS + PLAYER_BUFFER_MS,
        },
      },
    ]);
  });

  it('use a draft that is ready when the turn ends', () => {
    const talk = conversation({}, { draftAfterSilenceMs: 200 });
    talk.speech(640);
    talk.silence(6_400);
    expect(measured(talk)).toEqual([
      expect.objectContaining({
        speculative: true,
        marks: expect.objectContaining({
          stt_final: 200 + STT_FINAL_MS,
          llm_first_token: 200 + STT_FINAL_MS + FIRST_TOKEN_MS,
          tts_first_audio: 200 + STT_FINAL_MS + FIRST_TOKEN_MS + 60 + FIRST_AUDIO_MS,
          turn_end: 900,
          audio_sent: 900,
        }),
      }),
    ]);
    expect(phases(talk)).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
  });

  it('are measured from the message when the question is typed', () => {
    const talk = conversation();
    talk.happens({ type: 'text_received', text: 'hello' });
    talk.silence(6_400);
    expect(measured(talk)[0]?.marks).toMatchObject({ speech_end: 0, turn_end: 0, llm_request: 0, llm_first_token: FIRST_TOKEN_MS });
    expect(measured(talk)[0]?.marks).not.toHaveProperty('stt_final');
  });

  it.each([true, false])('last until the answer was played (client reports: %s)', (reportsPlayback) => {
    const talk = conversation({ reportsPlayback, answers: [{ text: 'One. Two. Three. Four. Five. Six. Seven.' }] });
    talk.speech(640);
    talk.silence(1_600);
    expect(talk.phase).toBe('AI_SPEAKING');
    const firstSentAtMs = talk.effects.find(({ effect }) => effect.type === 'send_audio')?.atMs ?? 0;
    talk.silence(6_400);
    const sentMs = talk.effects.reduce((sum, { effect }) => sum + (effect.type === 'send_audio' ? effect.durationMs : 0), 0);
    const listens = talk.effects.filter(({ effect }) => effect.type === 'expect_echo').at(-1);
    expect(listens?.atMs).toBe(firstSentAtMs + (reportsPlayback ? PLAYER_BUFFER_MS : 300) + sentMs);
  });
});

describe('pauses in a sentence', () => {
  it('each get a draft, but only the complete sentence is answered', () => {
    const talk = conversation(
      { transcripts: [{ text: 'what time' }, { text: 'is it' }, { text: 'in Delhi' }] },
      { draftAfterSilenceMs: 200 },
    );
    for (let part = 0; part < 3; part++) {
      talk.speech(640);
      talk.silence(part < 2 ? 800 : 6_400);
    }
    expect(memory(talk)).toEqual(['what time is it in Delhi', 'It is noon. Have a good lunch.']);
    expect(talk.effects.filter(({ effect }) => effect.type === 'start_reply')).toHaveLength(3);
    expect(phases(talk)).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
  });
});

describe('an interruption', () => {
  it('by speech discards what the assistant said, and the new words are answered', () => {
    const talk = conversation({
      transcripts: [{ text: 'tell me a story' }, { text: 'stop' }],
      answers: [{ text: 'Once. Upon. A time.' }, { text: 'Ok.' }],
    });
    talk.speech(640);
    talk.silence(1_920);
    talk.speech(640);
    talk.silence(6_400);
    expect(toldBy(talk)).toContainEqual({ type: 'interrupted', turn: 1, reason: 'speech' });
    expect(memory(talk)).toEqual(['tell me a story', 'stop', 'Ok.']);
  });

  it('that turns out to have no words lets the answer continue to its end', () => {
    const talk = conversation({ transcripts: [{ text: 'what time is it' }, { text: '' }] });
    talk.speech(640);
    talk.silence(1_920);
    talk.speech(96);
    talk.silence(6_400);
    expect(toldBy(talk).filter(({ type }) => type === 'ducked')).toEqual([
      { type: 'ducked', turn: 1, active: true },
      { type: 'ducked', turn: 1, active: false },
    ]);
    expect(memory(talk)).toHaveLength(2);
  });

  it.each<Partial<TurnPolicy>>([{}, { interruptionMode: 'resumable' }])(
    'by a word that is too short to be clearly speech is answered: %j',
    (policy) => {
      const transcripts = [{ text: 'tell me a story' }, { text: 'no' }];
      const talk = conversation({ transcripts, answers: [{ text: 'Once. Upon. A time.' }, { text: 'Ok.' }] }, policy);
      talk.speech(640);
      talk.silence(1_920);
      talk.cough(160);
      talk.silence(6_400);
      expect(toldBy(talk)).toContainEqual({ type: 'interrupted', turn: 1, reason: 'speech' });
      expect(memory(talk)).toEqual(['tell me a story', 'no', 'Ok.']);
    },
  );
});

describe('a resumable interruption', () => {
  const RESUMABLE: Partial<TurnPolicy> = { interruptionMode: 'resumable', memoryOnInterruption: 'heard' };

  it.each([true, false])('by a back-channel stops nothing, and the answer is played to its end (client reports: %s)', (reportsPlayback) => {
    const talk = conversation({ transcripts: [{ text: 'what time is it' }, { text: 'uh huh' }], reportsPlayback }, RESUMABLE);
    talk.speech(640);
    talk.silence(1_920);
    talk.speech(320);
    talk.silence(6_400);
    expect(toldBy(talk).filter(({ type }) => type === 'paused' || type === 'interrupted')).toEqual([
      { type: 'paused', turn: 1, active: true },
      { type: 'paused', turn: 1, active: false },
    ]);
    expect(memory(talk)).toEqual(['what time is it', 'It is noon. Have a good lunch.']);
    expect(phases(talk)).toEqual(['USER_SPEAKING 1', 'AI_PROCESSING 1', 'AI_SPEAKING 1', 'USER_SPEAKING 2']);
  });

  it('by other words stops the assistant, is answered, and what was heard before it is remembered', () => {
    const talk = conversation(
      {
        transcripts: [{ text: 'what time is it' }, { text: 'stop please' }],
        answers: [{ text: 'It is noon. Have a good lunch.' }, { text: 'Ok.' }],
      },
      RESUMABLE,
    );
    talk.speech(640);
    talk.silence(2_400);
    talk.speech(480);
    talk.silence(6_400);
    expect(toldBy(talk)).toContainEqual({ type: 'interrupted', turn: 1, reason: 'speech' });
    expect(memory(talk)).toEqual(['what time is it', 'It is noon. Have a [interrupted]', 'stop please', 'Ok.']);
  });

  it('by a cough stops nothing', () => {
    const talk = conversation({ transcripts: [{ text: 'what time is it' }, { text: '' }] }, RESUMABLE);
    talk.speech(640);
    talk.silence(1_920);
    talk.speech(256);
    talk.silence(6_400);
    expect(toldBy(talk).map(({ type }) => type)).not.toContain('interrupted');
    expect(memory(talk)).toHaveLength(2);
  });
});

describe('failures', () => {
  const broken: Outcome[] = [{ fails: 'unavailable' }];

  it.each<[string, Record<string, Outcome[]>, string[]]>([
    ['transcript', { transcripts: broken }, ['stt']],
    ['model', { answers: broken }, ['llm']],
    ['voice', { voices: broken }, ['tts']],
    ['voice and prepared sentence', { voices: broken, fallbackVoices: broken }, ['tts']],
    ['transcript when it never arrives', { transcripts: ['hangs'] }, ['stt']],
    ['model when it never answers', { answers: ['hangs'] }, ['llm']],
    ['voice when it never speaks, not even the prepared sentence', { voices: ['hangs'], fallbackVoices: ['hangs'] }, ['tts']],
  ])('of the %s are reported once, and the next turn works', (_, script, stages) => {
    const works = { text: 'works' };
    const entries = Object.entries(script).map(([stage, outcomes]) => [stage, [...outcomes, works]]);
    const talk = conversation(Object.fromEntries(entries));
    talk.speech(640);
    talk.silence(40_000);
    talk.speech(640);
    talk.silence(6_400);
    expect(toldBy(talk).flatMap((told) => (told.type === 'stage_failed' ? [told.stage] : []))).toEqual(stages);
    expect(phases(talk).slice(-4)).toEqual(['USER_SPEAKING 2', 'AI_PROCESSING 2', 'AI_SPEAKING 2', 'USER_SPEAKING 3']);
    expect(memory(talk).length).toBeGreaterThanOrEqual(2);
  });
});
