/** What listeners say without wanting to take the turn, by language (the first part of the BCP-47 tag), as recognisers may write it. */
export const BACK_CHANNELS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'uh-huh',
    'uhhuh',
    'mm-hmm',
    'mhm',
    'mm',
    'hm',
    'ah',
    'oh',
    'okay',
    'ok',
    'right',
    'yeah',
    'yes',
    'yep',
    'yup',
    'sure',
    'i see',
    'got it',
    'all right',
    'alright',
    'go on',
    'wow',
    'nice',
    'cool',
    'great',
    'really',
    'of course',
  ],
  hi: [
    'हाँ',
    'हाँ जी',
    'जी',
    'अच्छा',
    'ठीक है',
    'ठीक',
    'सही',
    'हम्म',
    'ओके',
    'haan',
    'han',
    'ji',
    'achha',
    'accha',
    'theek hai',
    'thik hai',
    'sahi',
  ],
  bn: ['হ্যাঁ', 'হুঁ', 'হুম', 'আচ্ছা', 'ঠিক', 'ঠিক আছে', 'বেশ', 'জি', 'ওহ', 'ওকে'],
  gu: ['હા', 'હં', 'હમ્મ', 'સારું', 'બરાબર', 'ઠીક', 'ઠીક છે', 'અચ્છા', 'જી', 'ઓકે'],
  kn: ['ಹೌದು', 'ಹಾಂ', 'ಹೂಂ', 'ಹ್ಮ್', 'ಸರಿ', 'ಆಯ್ತು', 'ಓಕೆ'],
  ml: ['അതെ', 'ആ', 'ഉം', 'ഹ്മ്', 'ശരി', 'ആണോ', 'ഓക്കെ'],
  mr: ['हो', 'हं', 'बरं', 'बर', 'बरोबर', 'ठीक', 'ठीक आहे', 'अच्छा', 'ओके'],
  pa: ['ਹਾਂ', 'ਹਾਂ ਜੀ', 'ਜੀ', 'ਹੂੰ', 'ਅੱਛਾ', 'ਠੀਕ', 'ਠੀਕ ਹੈ', 'ਸਹੀ', 'ਓਕੇ'],
  ta: ['ஆமா', 'ஆமாம்', 'ம்', 'ம்ம்', 'சரி', 'அப்படியா', 'ஓகே'],
  te: ['అవును', 'ఔను', 'ఊ', 'ఆ', 'హా', 'సరే', 'అలాగే', 'ఓకే'],
};

/** Whether `text` consists only of phrases of the list, once or several times. False for an empty text. */
export function isBackChannel(text: string, phrases: readonly string[]): boolean {
  const words = soundsOf(text);
  const known = phrases.map(soundsOf).filter((phrase) => phrase.length > 0);
  let next = 0;
  while (next < words.length) {
    const fits = known.filter((phrase) => phrase.every((word, index) => words[next + index] === word)).map(({ length }) => length);
    if (fits.length === 0) return false;
    next += Math.max(...fits);
  }
  return words.length > 0;
}

/** The words in one spelling, because recognisers differ: "Mmm-hmm" may be written "mm hm", and हाँ may be written हां. */
const soundsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll('ँ', 'ं')
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '')
    .map((word) => word.replace(/(\p{L})\1+/gu, '$1'));
