import { isAddressed } from './address';
import { type HeardTurn, TurnJudge } from './turn-judge';

describe('the assistant’s name in a turn', () => {
  it.each([
    ['Parley, what time is it?', 'Parley', true],
    ['what time is it PARLEY', 'Parley', true],
    ['Is that Parley’s idea?', 'parley', true],
    ['Hey, Ms. Parley!', 'ms parley', true],
    ['पार्ले, कितने बजे हैं?', 'पार्ले', true],
    ['We parleyed for hours.', 'Parley', false],
    ['what time is it', 'Parley', false],
    ['ms and parley', 'Ms Parley', false],
    ['', 'Parley', false],
    ['anything', '', false],
  ])('%p with the name %p: %p', (text, name, expected) => {
    expect(isAddressed(text, name)).toBe(expected);
  });
});

describe('which turns are answered', () => {
  const ASHA = { identity: 'asha', spokenMs: 1_500 };
  const RAVI = { identity: 'ravi', spokenMs: 1_500 };
  const turn = (change: Partial<HeardTurn>): HeardTurn => ({
    ...{ turn: 1, text: 'what time is it', fromMs: 10_000, toMs: 11_500, speakers: [ASHA], writers: [], people: 2 },
    ...change,
  });
  const judge = (onlyWhenAddressed = false) => new TurnJudge({ assistantName: 'Parley', onlyWhenAddressed });

  it('answers whoever speaks alone', () => {
    expect(judge().isAnswered(turn({}))).toBe(true);
    expect(judge().isAnswered(turn({ speakers: [] }))).toBe(true);
  });

  it('leaves two people alone who speak within one turn', () => {
    expect(judge().isAnswered(turn({ speakers: [ASHA, RAVI] }))).toBe(false);
    expect(judge().isAnswered(turn({ speakers: [ASHA, { identity: 'ravi', spokenMs: 200 }] }))).toBe(true);
  });

  it('leaves two people alone who speak by turns, until one of them waits for an answer', () => {
    const judged = judge();
    expect(judged.isAnswered(turn({}))).toBe(true);
    expect(judged.isAnswered(turn({ turn: 2, speakers: [RAVI], fromMs: 12_000, toMs: 13_000 }))).toBe(false);
    expect(judged.isAnswered(turn({ turn: 3, speakers: [ASHA], fromMs: 14_000, toMs: 15_000 }))).toBe(false);
    expect(judged.isAnswered(turn({ turn: 4, speakers: [RAVI], fromMs: 18_000, toMs: 19_000 }))).toBe(true);
  });

  it('answers another person’s next question when its answer was heard to the end', () => {
    const judged = judge();
    judged.isAnswered(turn({}));
    judged.answerHeard(1);
    expect(judged.isAnswered(turn({ turn: 2, speakers: [RAVI], fromMs: 13_000, toMs: 14_000 }))).toBe(true);
  });

  it('answers the same person again at once', () => {
    const judged = judge();
    judged.isAnswered(turn({}));
    expect(judged.isAnswered(turn({ turn: 2, fromMs: 12_000 }))).toBe(true);
  });

  it('answers whoever says its name, whoever else is speaking', () => {
    expect(judge().isAnswered(turn({ text: 'Parley, help us', speakers: [ASHA, RAVI] }))).toBe(true);
  });

  it('answers only its name if that is wanted, also what is typed, also a single person', () => {
    const judged = judge(true);
    expect(judged.isAnswered(turn({ people: 1 }))).toBe(false);
    expect(judged.isAnswered(turn({ writers: ['asha'], speakers: [] }))).toBe(false);
    expect(judged.isAnswered(turn({ text: 'so, parley?' }))).toBe(true);
  });

  it('answers what is typed, and a single person whatever was heard', () => {
    expect(judge().isAnswered(turn({ speakers: [], writers: ['ravi'] }))).toBe(true);
    expect(judge().isAnswered(turn({ speakers: [ASHA, RAVI], people: 1 }))).toBe(true);
  });
});
