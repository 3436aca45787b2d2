import { createSkillBot } from './skill-bot.ts';
import type { ChatMessage } from './skill.ts';
import { JOKES } from './skills/jokes.ts';
import { LONG_STORY } from './skills/stories.ts';

const NOW = new Date('2026-11-20T15:05:00Z');
const bot = createSkillBot({ now: () => NOW, timeZone: 'UTC' });

/** A conversation of alternating turns, the user's first; `null` is an answer that was interrupted and not kept. */
function conversation(...turns: (string | null)[]): ChatMessage[] {
  return turns.flatMap((content, i) => (content === null ? [] : [{ role: i % 2 === 0 ? 'user' : 'assistant', content }]));
}

function answer(...turns: (string | null)[]): string {
  return [...bot.reply([{ role: 'system', content: 'My name is Nobody. Tell me a joke.' }, ...conversation(...turns)])].join('');
}

describe('the skill bot', () => {
  it.each([
    ['what time is it', 'It is three oh five in the afternoon.'],
    ['Okay, could you please tell me what time it is?', 'It is three oh five in the afternoon.'],
    ["What's today's date?", 'Today is Friday, November the twentieth, twenty twenty six.'],
    ['what is the date today', 'Today is Friday, November the twentieth, twenty twenty six.'],
    ['what day is it today', 'It is Friday.'],
    ['what year is it', 'It is twenty twenty six.'],
    ['what is seven plus five', 'Seven plus five is twelve.'],
    ['What is 7 + 5 * 2?', 'Seven plus five times two is seventeen.'],
    ['how much is ten divided by four', 'Ten divided by four is two point five.'],
    ['ten divided by three', 'Ten divided by three is about three point three three.'],
    ['calculate three minus five', 'Three minus five is minus two.'],
    ['what is twenty percent of fifty', 'Twenty percent of fifty is ten.'],
    ['what is a hundred divided by zero', 'Nobody can divide by zero.'],
    ['convert five miles to kilometers', 'Five miles is about eight point zero five kilometers.'],
    ['how many feet are in a mile', 'One mile is five thousand two hundred and eighty feet.'],
    ['how many minutes are there in two hours', 'Two hours is one hundred and twenty minutes.'],
    ['what is twenty celsius in fahrenheit', 'Twenty degrees celsius is sixty eight degrees fahrenheit.'],
    ['convert 212 degrees to celsius', 'Two hundred and twelve degrees fahrenheit is one hundred degrees celsius.'],
    ['convert five miles to kilograms', 'That does not work. I cannot turn miles into kilograms.'],
    ['convert one second to weeks', 'One second is less than a hundredth of a week.'],
    ['actually i meant ten miles', 'There is nothing to correct yet. Ask me to convert something.'],
    ['my name is peter', 'Nice to meet you, Peter.'],
    ['i am emma', 'Nice to meet you, Emma.'],
    ['what is my name', 'You have not told me your name yet.'],
    ['please repeat that', 'I have not said anything yet.'],
    ['repeat after me good morning', 'Good morning.'],
    ['continue', 'There is nothing to go on with. Ask me for a long story.'],
    ['spell peter', 'P, E, T, E, R.'],
    ['count to three', 'One, two, three.'],
    ['hello there', 'Hello. What can I do for you?'],
    ['thanks a lot', 'You are welcome.'],
    ['goodbye', 'Goodbye. It was nice to talk to you.'],
    ['can you hear me', 'Yes. I hear you.'],
    ['stop', 'Okay.'],
    ['wait stop', 'Okay.'],
    ['stop talking please', 'Okay.'],
    ['no wait', 'I am listening.'],
    ['never mind', 'No problem.'],
    ['wait i want to ask something else', 'Of course. What would you like to know?'],
    ['set a timer for ten minutes', 'I am sorry. I cannot set timers or alarms in the demo.'],
    ['turn on the kitchen lights', 'I am sorry. I cannot switch lights in the demo.'],
    ['play some music in the living room', 'I am sorry. I cannot play music in the demo.'],
    ['stop the music', 'I am sorry. I cannot play music in the demo.'],
    ['remind me to call my mother at six', 'I am sorry. I cannot keep reminders in the demo.'],
    ['call my mother', 'I am sorry. I cannot make calls in the demo.'],
    [
      'wait stop please i want to ask something else can you tell me what is the weather like tomorrow',
      'I am sorry. I cannot look up the weather in the demo.',
    ],
    ['Who wrote Hamlet?', 'I am the built-in demo. I heard: who wrote hamlet. Add a key for a real answer, or say help.'],
    ['i am tired', 'I am the built-in demo. I heard: i am tired. Add a key for a real answer, or say help.'],
    ['...', 'I heard nothing. Say help to hear what I can do.'],
  ])('answers "%s"', (sentence, expected) => {
    expect(answer(sentence)).toBe(expected);
  });

  it.each([
    ['00:00', 'midnight'],
    ['12:00', 'noon'],
    ['09:00', "nine o'clock in the morning"],
    ['12:30', 'twelve thirty in the afternoon'],
    ['21:47', 'nine forty seven in the evening'],
  ])('says %s as %s', (time, expected) => {
    const clockAt = createSkillBot({ now: () => new Date(`2026-01-02T${time}:00Z`), timeZone: 'UTC' });
    expect([...clockAt.reply(conversation('what time is it'))].join('')).toBe(`It is ${expected}.`);
  });

  it('tells the time of its time zone', () => {
    const kolkata = createSkillBot({ now: () => NOW, timeZone: 'Asia/Kolkata' });
    expect([...kolkata.reply(conversation('what time is it'))].join('')).toBe('It is eight thirty five in the evening.');
  });

  it('streams words with their spaces, the first sentence short, and no markup or digits', () => {
    expect([...bot.reply(conversation('what is seven plus five'))]).toEqual(['Seven', ' plus', ' five', ' is', ' twelve.']);
    for (const sentence of [
      'tell me a joke',
      'tell me a long story',
      'help',
      'who are you',
      'what time is it',
      'convert 5 miles to kilometers',
    ]) {
      const text = answer(sentence);
      expect(text.split(/[.?!]/)[0].length).toBeLessThanOrEqual(60);
      expect(text).toMatch(/^[A-Za-z ,.:?!'-]+$/);
    }
  });

  it('answers the last user message, and also a conversation without one', () => {
    expect([...bot.reply([])].join('')).toBe('I heard nothing. Say help to hear what I can do.');
    expect([...bot.reply(conversation('what day is it', 'It is Friday.'))].join('')).toBe('It is Friday.');
  });
});

describe('the skill bot’s memory, which is the messages alone', () => {
  it('knows the name that was given last', () => {
    expect(answer('my name is peter', 'Nice to meet you, Peter.', 'who am i')).toBe('Your name is Peter.');
    expect(answer('my name is peter', null, 'no, call me Anna', 'Nice to meet you, Anna.', "what's my name?")).toBe('Your name is Anna.');
  });

  it('repeats its last answer', () => {
    expect(answer('hello', 'Hello. What can I do for you?', 'say that again please')).toBe('Hello. What can I do for you?');
  });

  it('repeats a conversion with a corrected amount', () => {
    expect(answer('convert five miles to kilometers', 'Five miles is about eight.', 'actually i meant ten miles')).toBe(
      'Ten miles is about sixteen point zero nine kilometers.',
    );
  });

  it('tells every joke once before it starts again', () => {
    const turns: string[] = [];
    for (let i = 0; i <= JOKES.length; i++) turns.push('tell me another joke', answer(...turns, 'tell me another joke'));
    const told = turns.filter((_, i) => i % 2 === 1);
    expect(told).toEqual([...JOKES, JOKES[0]]);
  });

  it('does not repeat a joke whose answer was interrupted', () => {
    expect(answer('tell me a joke', null, 'tell me a joke')).toBe(JOKES[1]);
    expect(answer('tell me a joke', 'Here is one. Why did the clock go to the kitchen?', 'another one')).toBe(JOKES[1]);
  });

  it('tells a long story, and resumes with the sentence in which it was cut off', () => {
    const whole = answer('tell me a long story');
    expect(whole).toBe(`Sure. ${LONG_STORY.join(' ')}`);
    const cut = whole.slice(0, whole.indexOf('a storm came'));
    const rest = answer('tell me a long story', cut, 'stop', 'Okay.', 'go on please');
    expect(rest).toBe(`Sure. ${LONG_STORY.slice(5).join(' ')}`);

    const cutAgain = rest.slice(0, rest.indexOf('a child calling'));
    expect(answer('tell me a long story', cut, 'continue', cutAgain, 'continue')).toBe(`Sure. ${LONG_STORY.slice(7).join(' ')}`);
    expect(answer('tell me a long story', whole, 'continue')).toBe('That was the whole story. Ask me for a joke.');
  });

  it('starts the story again when none of it was kept, or when asked to', () => {
    expect(answer('tell me a long story', null, 'continue')).toBe(`Sure. ${LONG_STORY.join(' ')}`);
    expect(answer('tell me a story', `Sure. ${LONG_STORY[0]}`, 'start over')).toBe(`Sure. ${LONG_STORY.join(' ')}`);
  });

  it('draws the same coins and dice in the same conversation, and different ones with another seed', () => {
    const draws = (seed: number): string[] => {
      const seeded = createSkillBot({ now: () => NOW, seed });
      return Array.from({ length: 12 }, (_, i) => {
        const before = Array.from({ length: i }, () => 'hello');
        return [...seeded.reply(before.concat('roll a dice').map((content) => ({ role: 'user', content })))].join('');
      });
    };
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
    expect(new Set(draws(1)).size).toBeGreaterThan(2);
    for (const drawn of draws(3)) expect(drawn).toMatch(/^It is a (one|two|three|four|five|six)\.$/);
  });
});
