import type { Skill } from '../skill.ts';

interface Exchange {
  said: RegExp;
  answer: string;
}

const GOODBYE = /^(?:goodbye|good bye|bye|bye bye|see you(?: later| soon)?|hang up|end (?:the|this) (?:call|conversation))$/;

/** True for the words that end a conversation, normalised and without courtesies. */
export function saysGoodbye(sentence: string): boolean {
  return GOODBYE.test(sentence);
}

const EXCHANGES: readonly Exchange[] = [
  {
    said: /^(?:help(?: me)?|what can you do|what can i (?:say|ask)(?: you)?)$/,
    answer:
      'Gladly. I can tell the time and the date, do sums, convert units, remember your name, and tell jokes and a long story. You can interrupt me at any time.',
  },
  {
    said: /^(?:who are you|what are you|what is your name|your name|tell me about yourself|what is parley)$/,
    answer: 'I am the Parley demo. I run on this machine, without any key, so I know only a little. Say help to hear what.',
  },
  { said: /^(?:hello|hi|hey|hello there|hi there|hey there|greetings)(?: parley)?$/, answer: 'Hello. What can I do for you?' },
  { said: /^good (?:morning|afternoon|evening|day)$/, answer: 'Hello, and thank you. What can I do for you?' },
  { said: /^good night$/, answer: 'Good night. Sleep well.' },
  { said: /^how are you(?: doing)?(?: today)?$/, answer: 'I am fine. How are you?' },
  { said: /^(?:i am )?(?:fine|good|great|very well|all right)(?: thank you| thanks)?$/, answer: 'I am glad to hear that.' },
  { said: /^(?:it is )?(?:nice|good|glad|pleased) to meet you(?: too)?$/, answer: 'Nice to meet you too.' },
  { said: /^(?:thank you|thanks)(?: (?:very much|so much|a lot|again))?$/, answer: 'You are welcome.' },
  { said: GOODBYE, answer: 'Goodbye. It was nice to talk to you.' },
  { said: /^(?:can you hear me|are you there|are you listening|do you hear me)$/, answer: 'Yes. I hear you.' },
  { said: /^how old are you$/, answer: 'I am very young. I was started together with this server.' },
  { said: /^where are you(?: from)?$/, answer: 'I am right here. I run on your own machine.' },
  { said: /^(?:are you (?:real|human|a robot|a person|an ai))$/, answer: 'I am a program. A rather small one.' },
  {
    said: /^(?:yes|yeah|yes please|sure|right|okay|ok|all right|uh huh|i see|maybe|of course)$/,
    answer: 'Okay. What would you like to know?',
  },
  { said: /^(?:no|nope|no thank you|no thanks|nothing)$/, answer: 'All right.' },
];

/** Greetings, thanks, questions about the bot itself, and words that only keep a conversation going. */
export const smallTalk: Skill = {
  name: 'small talk',
  phrases: [
    'hello',
    'hi',
    'hi there',
    'hello there',
    'good morning',
    'good afternoon',
    'good evening',
    'good night',
    'how are you',
    'how are you doing',
    'how are you doing today',
    'i am fine thank you',
    'nice to meet you',
    'thank you',
    'thanks',
    'thank you very much',
    'thanks a lot',
    'goodbye',
    'bye',
    'bye bye',
    'see you later',
    'end the call',
    'yes',
    'no',
    'yes please',
    'no thank you',
    'okay',
    'all right',
    'sure',
    'maybe',
    'right',
    'uh huh',
    'i see',
    'how old are you',
    'where are you from',
    'can you hear me',
    'are you there',
    'are you listening',
    'what is your name',
    'who are you',
    'what can you do',
    'tell me about yourself',
    'help',
    'help me please',
  ],
  answer: (sentence) => EXCHANGES.find(({ said }) => said.test(sentence))?.answer,
};
