import { WORDS_END_OF_TURN } from './end-of-turn-hint';

const BOUNDS = { completeMs: 450, usualMs: 900, unfinishedMs: 1_500 };

/** The required silence for each kind of transcript. The rules of the hint were written to meet this table. */
const TABLE: [silenceMs: number, why: string, transcripts: string[]][] = [
  [
    450,
    'a question',
    [
      'what time is it',
      'What time is it?',
      'what is the date today',
      'what is seven plus five',
      'what is my name',
      'how are you',
      'who was it',
      'can you help me',
      'can you tell me what is the weather like tomorrow',
      'what are the opening hours?',
      'Really?! Is it?',
      'okay so what time is it',
      'I have a question. What time is it',
      'okay, what is the time in Delhi.',
      'do you know where it is',
    ],
  ],
  [
    450,
    'a longer sentence',
    [
      'turn on the kitchen lights',
      'Turn on the kitchen lights.',
      'tell me a long story',
      'remind me to call my mother at six pm',
      'play some music in the living room',
      'convert five miles to kilometers',
      'wait i want to ask something else',
      'my brother lives in new york city',
    ],
  ],
  [
    450,
    'a Hindi sentence that has its verb',
    ['समय क्या हुआ है', 'कल मौसम कैसा होगा', 'मुझे एक कहानी सुनाओ', 'अच्छा, आज तारीख क्या है?', 'मेरा नाम पीटर है।'],
  ],
  [
    900,
    'a short command, because people often pause after one even when they have more to say',
    [
      'play some music',
      'Play some music.',
      'stop',
      'stop talking please',
      'please repeat that',
      'tell me a joke',
      'my name is peter',
      'yes',
      'no',
      'हाँ',
      'ठीक है',
    ],
  ],
  [
    900,
    'a verb whose object may still follow',
    ['remind me to call', 'Remind me to call.', 'I really would like to order', 'could you please play', 'do you want to go'],
  ],
  [
    900,
    'a longer sentence in a language whose sentence endings are not known',
    ['আমি আজ সকালে একটা বই পড়েছি', 'நான் இன்று காலை ஒரு புத்தகம் படித்தேன்', 'मला आज संध्याकाळी घरी जायचं', 'നാളെ രാവിലെ എന്നെ വിളിച്ച് ഉണർത്തണം'],
  ],
  [900, 'a number that may go on', ['set an alarm for seven', 'I need twenty', 'wake me up at 7', 'remind me to call my mother at six']],
  [900, 'a question that may end with a preposition', ['what are you looking for', 'who is it from']],
  [900, 'a conjunction that is none', ['i think so', 'I hope so.']],
  [900, 'no words, or marks only', ['', ' ', '...', '?']],
  [
    1_500,
    'a trailing conjunction',
    [
      'I would like tea and',
      'I would like tea, and.',
      'turn on the lights but',
      'i am late because',
      'it is nice so',
      'so if',
      'मुझे चाय और',
      'मैं नहीं आया क्योंकि',
      'मला चहा आणि',
      'আমি চা আর',
      'আমি আসতে পারিনি কারণ',
      'ਮੈਨੂੰ ਚਾਹ ਅਤੇ',
      'મને ચા અને',
      'ମୋତେ ଚା ଏବଂ',
      'எனக்கு தேநீர் மற்றும்',
      'నాకు టీ మరియు',
      'ನನಗೆ ಚಹಾ ಮತ್ತು',
      'എനിക്ക് ചായ വേണം പക്ഷേ',
    ],
  ],
  [1_500, 'a filler', ['what is the um', 'I want uh', 'um', 'uh...', 'the weather is like', 'मुझे चाय हाँ', 'कल मतलब']],
  [1_500, 'an article or a possessive', ['what is the', 'turn on the', 'call my', 'i need a', 'मेरा']],
  [1_500, 'a preposition', ['play some music in', 'remind me to', 'I want to go to', 'send a message to', 'मेरे घर में']],
  [1_500, 'a verb without its rest', ['what time is', 'where are', 'the weather in Delhi is', 'can you tell me', 'please give me']],
  [1_500, 'a sum without its last number', ['what is seven plus', 'seven times', 'what is 12 divided']],
  [1_500, 'marks that go on', ['well,', 'I was thinking...', 'I was thinking…', 'you know –', 'three things:']],
  [
    1_500,
    'a number that may still continue',
    ['my number is nine eight', 'nine eight seven', 'my phone number is 987', 'it is four point', 'double', 'my pin is 4', 'मेरा नंबर नौ आठ'],
  ],
  [1_500, 'letters that are being spelled', ['my name is p e t', 'P. E. T.', 'it is spelled p-e-t', 'a b']],
  [900, 'a number that is complete', ['9876543210', 'nine eight seven six five four three two one zero', 'plan b']],
];

describe('the hint from the words', () => {
  it.each(TABLE.flatMap(([silenceMs, why, transcripts]) => transcripts.map((text) => [silenceMs, text, why] as const)))(
    'requests %i ms of silence after %j: %s',
    (silenceMs, text) => {
      expect(WORDS_END_OF_TURN.requiredSilenceMs(text, 0, BOUNDS)).toBe(silenceMs);
    },
  );
});
