import { normalise, withoutCourtesies } from './normalise.ts';

describe('normalise', () => {
  it.each([
    ['What’s the time?', 'what is the time'],
    ["  I'm Peter,   you're late! ", 'i am peter you are late'],
    ["Can't you? Don't.", 'can not you do not'],
    ["It is three o'clock.", 'it is three oclock'],
    ['7 + 5 = ?', '7 plus 5'],
    ['7*-5', '7 times minus 5'],
    ['20-3', '20 minus 3'],
    ['1,000,000 / 12.5', '1000000 divided by 12.5'],
    ['20% of 50.', '20 percent of 50'],
    ['20°C in fahrenheit', '20 degrees celsius in fahrenheit'],
    ['twenty-one', 'twenty one'],
    ['नाम क्या है?', 'नाम क्या है'],
    ['...', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });
});

describe('withoutCourtesies', () => {
  it.each([
    ['okay could you please tell me what time it is', 'what time it is'],
    ['please repeat that', 'repeat that'],
    ['can you repeat that for me please', 'repeat that'],
    ['can you hear me', 'can you hear me'],
    ['wait what is my name', 'what is my name'],
    ['please', 'please'],
    ['', ''],
  ])('%j becomes %j', (sentence, expected) => {
    expect(withoutCourtesies(sentence)).toBe(expected);
  });
});
