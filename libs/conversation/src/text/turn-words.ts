/** The words that help to judge whether a turn is complete: English and Hindi, as recognisers write them. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u).filter((word) => word !== ''));

/** Words that open a sentence without telling anything about it. */
export const LEADING = set('okay ok so well hey hi hello please um uh erm hmm and but then now alright अच्छा तो हाँ और');

/** Words that are said while looking for the next word. */
export const FILLERS = set('um uh uhm umm erm er hmm mm like maybe basically actually उम अम अ हम्म मतलब यानी हाँ');

/** Conjunctions, articles, possessives and similar words, which no sentence ends with. */
export const UNFINISHED_ENDINGS = set(`
  and but or nor because although though unless until while whereas if whether than that's which who whose
  the a an my your his our their its this these those some any every each
  i'm you're we're they're i'll you'll we'll i'd i've don't can't won't wanna gonna
  very really just also another between
  और लेकिन मगर परंतु पर क्योंकि कि या अगर यदि जो जब तब ताकि बल्कि इसलिए तो
  का की के को से में ने मेरा मेरी मेरे आपका आपकी एक
  आणि किंवा परंतु जर
  এবং আর অথবা কিন্তু কারণ যদি
  ਅਤੇ ਜਾਂ ਪਰ ਕਿਉਂਕਿ ਜੇ
  અને અથવા પણ પરંતુ કારણકે જો
  ଏବଂ ଓ କିମ୍ବା କିନ୍ତୁ କାରଣ ଯଦି
  மற்றும் அல்லது ஆனால் ஏனென்றால் ஏனெனில்
  మరియు లేదా కానీ ఎందుకంటే అయితే
  ಮತ್ತು ಅಥವಾ ಆದರೆ ಏಕೆಂದರೆ
  അല്ലെങ്കിൽ പക്ഷേ കാരണം എന്നാൽ
`);

/** Prepositions, which no statement ends with. A question may end with one ("what are you looking for"). */
export const PREPOSITIONS = set('to of in on at for with from by about into onto over under near without as');

export const BEING = set('is are was were am be been will would can could should shall may might must do does did has have had');
export const PRONOUNS = set('i you he she it we they this that these those there');

/** Verbs of giving and telling, which need the thing that is given or told: "can you tell me". */
export const GIVING = set('tell give show send bring get find read remind ask');
export const RECIPIENTS = set('me him her us them');

/** Words before an infinitive ("want to go", "remind me to call"). The sentence may continue after the verb. */
export const BEFORE_INFINITIVE = set('me him her us them you want like need have going try love ready able supposed');

/** Commands whose object may still follow: "remind me to call". */
export const COMMANDS_WITH_OBJECT = set(`
  play call set tell give show send make find get take put turn open close want need book order buy start stop add change check read
  remind ask search text message email write
`);

export const QUESTION_STARTS = set(`
  what what's who who's whom whose which when when's where where's why how how's is are was were am do does did can could will would shall
  should may have has क्या कौन कब कहाँ क्यों कैसे कितना कितने कितनी
`);

/** Verb forms that end a Hindi sentence. */
export const HINDI_ENDINGS = set(`
  है हैं था थी थे हूँ हूं हो होगा होगी दो दीजिए करो करें कीजिए बताओ बताइए बताएँ सुनाओ सुनाइए चाहिए गया गई गए रहा रही रहे चलाओ बजाओ लगाओ
`);

export const NUMBERS = set(`
  zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
  twenty thirty forty fifty sixty seventy eighty ninety hundred thousand lakh crore million
  शून्य एक दो तीन चार पाँच पांच छह सात आठ नौ दस
`);
/** A number continues after one of these words. */
export const NUMBER_JOINTS = set('point double triple dot dash');
/** Words that announce digits said one after the other. */
export const NUMBER_CONTEXT = set('number phone mobile code pin otp account zip नंबर');
/** Words before the last number of a calculation. */
export const OPERATORS = set('plus minus times by over divided');
