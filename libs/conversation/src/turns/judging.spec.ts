import { ConversationScript } from '../testing/conversation-script';
import { givenDraft, givenListening, givenTurnEnded } from '../testing/given';

const JUDGED = { judgesTurns: true };
const memoryOf = (talk: ConversationScript) => (talk.state.phase === 'IDLE' ? [] : talk.state.memory.map(({ content }) => content));
const finished = (text = 'what time is it') => ({ type: 'transcript_finished', utterance: 1, text }) as const;

describe('a turn that is judged before it is answered', () => {
  it('is asked about once, with when it was heard, and nothing is told before the verdict', () => {
    const talk = givenTurnEnded(JUDGED);
    expect(talk.happens(finished())).toEqual(['judge_turn 1 "what time is it" heard 960-1600']);
    expect(talk.phase).toBe('AI_PROCESSING');
  });

  it('is answered with the name of its speaker, which the model and the memory get', () => {
    const talk = givenTurnEnded(JUDGED);
    talk.happens(finished());
    expect(talk.happens({ type: 'turn_judged', turn: 1, isAnswered: true, speaker: 'Asha' })).toEqual([
      'transcript 1 "what time is it" final',
      'start_reply 1',
    ]);
    expect(memoryOf(talk)).toEqual(['Asha: what time is it']);
    const request = talk.effects.map(({ effect }) => effect).find((effect) => effect.type === 'start_reply');
    expect(request?.messages.at(-1)?.content).toBe('Asha: what time is it');
  });

  it('is remembered but not answered, which is no failure', () => {
    const talk = givenTurnEnded(JUDGED);
    talk.happens(finished());
    expect(talk.happens({ type: 'turn_judged', turn: 1, isAnswered: false, speaker: 'Ravi' })).toEqual([
      'transcript 1 "what time is it" final',
      'clear_timer stalled',
      'state USER_SPEAKING 2',
    ]);
    expect(memoryOf(talk)).toEqual(['Ravi: what time is it']);
  });

  it('drops its draft, in every stage, when it is not answered', () => {
    const talk = givenDraft(JUDGED);
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    talk.silence(960);
    const effects = talk.happens({ type: 'turn_judged', turn: 1, isAnswered: false });
    expect(effects).toContain('cancel_reply 1');
    expect(effects.join()).not.toMatch(/reply_text|send_audio|AI_SPEAKING|failed|measured/);
    expect(talk.phase).toBe('USER_SPEAKING');
  });

  it('is answered by its draft if that was asked with the same name, and otherwise again', () => {
    const answeredAs = (speaker: string): string[] => {
      const talk = givenListening({ ...JUDGED, draftAfterSilenceMs: 200 });
      talk.happens({ type: 'speaker_changed', speaker: 'Asha' });
      talk.silence(960);
      talk.speech(640);
      talk.silence(224);
      talk.happens(finished());
      talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
      talk.silence(960);
      return talk.happens({ type: 'turn_judged', turn: 1, isAnswered: true, speaker });
    };
    expect(answeredAs('Asha')).toContain('state AI_SPEAKING 1');
    expect(answeredAs('Ravi')).toEqual(expect.arrayContaining(['cancel_reply 1', 'start_reply 2']));
  });

  it('is not asked about when it has no words', () => {
    const talk = givenTurnEnded(JUDGED);
    expect(talk.happens(finished(''))).toEqual(['transcript 1 "" final', 'clear_timer stalled', 'state USER_SPEAKING 2']);
  });

  it('ignores a verdict on another turn, and a second verdict', () => {
    const talk = givenTurnEnded(JUDGED);
    talk.happens(finished());
    expect(talk.happens({ type: 'turn_judged', turn: 0, isAnswered: false })).toEqual([]);
    talk.happens({ type: 'turn_judged', turn: 1, isAnswered: true });
    expect(talk.happens({ type: 'turn_judged', turn: 1, isAnswered: false })).toEqual([]);
    expect(talk.phase).toBe('AI_PROCESSING');
  });

  it('is answered if nobody ever judges it', () => {
    const talk = givenTurnEnded(JUDGED);
    talk.happens(finished());
    expect(talk.wait(15_000)).toContain('start_reply 1');
  });

  it('is asked about when it was typed, and remembered even if it is interrupted before the verdict', () => {
    const talk = givenListening(JUDGED);
    expect(talk.happens({ type: 'text_received', text: 'hello' })).toEqual([
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'judge_turn 1 "hello"',
    ]);
    talk.happens({ type: 'interrupt_requested' });
    expect(memoryOf(talk)).toEqual(['hello']);
    expect(talk.happens({ type: 'turn_judged', turn: 1, isAnswered: true })).toEqual([]);
  });

  it('is answered when it was typed', () => {
    const talk = givenListening(JUDGED);
    talk.happens({ type: 'text_received', text: 'hello' });
    expect(talk.happens({ type: 'turn_judged', turn: 1, isAnswered: true, speaker: 'Asha' })).toEqual([
      'transcript 1 "hello" final',
      'set_timer stalled 15000',
      'start_reply 1',
    ]);
    expect(memoryOf(talk)).toEqual(['Asha: hello']);
  });

  it('is not asked about where turns are not judged', () => {
    const talk = givenTurnEnded();
    expect(talk.happens(finished())).toEqual(['transcript 1 "what time is it" final', 'start_reply 1']);
  });
});

describe('a conversation that is continued', () => {
  const past = {
    messages: [
      { role: 'user' as const, content: 'my name is Asha' },
      { role: 'assistant' as const, content: 'Hello Asha.' },
    ],
    earlier: ['user: "hello"'],
    turn: 7,
  };

  it('knows what was said, and counts its turns on', () => {
    const talk = new ConversationScript({ systemPrompt: 'Be kind.' });
    expect(talk.happens({ type: 'conversation_started', past })).toContain('state USER_SPEAKING 8');
    talk.happens({ type: 'text_received', text: 'who am I?' });
    const request = talk.effects.map(({ effect }) => effect).find((effect) => effect.type === 'start_reply');
    expect(request?.messages.map(({ content }) => content)).toEqual([
      'Be kind.',
      'Earlier in this conversation: user: "hello"',
      'my name is Asha',
      'Hello Asha.',
      'who am I?',
    ]);
  });

  it('keeps to its own limits, even if more is remembered', () => {
    const talk = new ConversationScript({ maxMemoryMessages: 2 });
    const many = { ...past, messages: Array.from({ length: 50 }, (_, index) => ({ role: 'user' as const, content: `word ${index}` })) };
    talk.happens({ type: 'conversation_started', past: many });
    expect(memoryOf(talk)).toEqual(['word 48', 'word 49']);
  });
});
