const words = (text: string): readonly string[] => text.split(' ');

/** First names that the recogniser expects. */
export const NAMES = words(
  'michael john david james robert mary susan linda sarah anna tom peter paul emma alice bob jack george laura karen lisa kevin brian mark steve',
);

const TENS = words('twenty thirty forty fifty sixty seventy eighty ninety');

/** The words that may fill the `{class}` slots of the skills' phrases. */
export const WORD_CLASSES = {
  num: [
    ...words(
      'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    ),
    ...TENS,
    'twenty one',
    'twenty five',
    'thirty two',
    'forty two',
    'one hundred',
    'two hundred',
    'a hundred',
    'a thousand',
    'half',
  ],
  hour: words('one two three four five six seven eight nine ten eleven twelve noon midnight'),
  op: ['plus', 'minus', 'times', 'divided by', 'multiplied by'],
  unit: words(
    'miles kilometers feet meters inches centimeters pounds kilograms ounces grams gallons liters cups degrees fahrenheit celsius hours minutes seconds yards',
  ),
  unit1: words(
    'mile kilometer foot meter inch centimeter pound kilogram ounce gram gallon liter cup hour minute second yard day week year',
  ),
  room: ['kitchen', 'living room', 'bedroom', 'bathroom', 'office', 'hall', 'garage', 'dining room'],
  name: NAMES,
  item: words('milk bread eggs butter cheese apples coffee tea sugar rice'),
  who: ['my mother', 'my father', 'my sister', 'my brother', 'the doctor', 'the office', 'my wife', 'my husband', 'mom', 'dad'],
  day: [
    'today',
    'tomorrow',
    'tonight',
    'this morning',
    'this afternoon',
    'this evening',
    'this weekend',
    'on monday',
    'on friday',
    'on saturday',
    'on sunday',
  ],
  work: ['romeo and juliet', 'hamlet', 'war and peace', 'the odyssey'],
} as const satisfies Record<string, readonly string[]>;
