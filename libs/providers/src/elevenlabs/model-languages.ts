const words = (text: string): string[] => text.split(' ');

/** The languages that both generations of models speak. */
const SHARED = words('ar bg cs da de el en es fi fil fr hi hr id it ja ko ms nl pl pt ro ru sk sv ta tr uk zh');

/** ISO 639 codes of the languages that a model of the vendor speaks, by patterns of the model's id. */
const LANGUAGES: readonly [pattern: RegExp, languages: ReadonlySet<string>][] = [
  [/^eleven_(?:flash|turbo)_v2_5/, new Set([...SHARED, 'hu', 'no', 'vi'])],
  [/^eleven_(?:flash|turbo|monolingual)/, new Set(['en'])],
  [/^eleven_multilingual_v2/, new Set(SHARED)],
  [
    /^eleven_v3/,
    new Set([
      ...SHARED,
      ...words('af as az be bn bs ca ceb cy et fa ga gl gu ha he hu hy is jv ka kk kn ky lb ln lt lv mk ml mr ne no ny pa ps'),
      ...words('sd sl so sr sw te th ur vi'),
    ]),
  ],
];

/** Other codes for languages for which the vendor uses the code on the right. */
const ALIASES: Readonly<Record<string, string>> = { cmn: 'zh', in: 'id', iw: 'he', nb: 'no', nn: 'no', tl: 'fil' };

/** Returns the vendor's code for the language of a BCP-47 tag, or undefined if the tag names no language. */
function vendorLanguage(tag: string | undefined): string | undefined {
  const subtag = tag?.split(/[-_]/, 1)[0]?.toLowerCase();
  if (subtag === undefined || !/^[a-z]{2,3}$/.test(subtag)) return undefined;
  return ALIASES[subtag] ?? subtag;
}

/** Whether a model speaks the language of a BCP-47 tag. Of an unknown model, no language is known to be missing. */
export function speaksLanguage(modelId: string, tag: string | undefined): boolean {
  const languages = LANGUAGES.find(([pattern]) => pattern.test(modelId))?.[1];
  if (tag === undefined || languages === undefined) return true;
  const language = vendorLanguage(tag);
  return language !== undefined && languages.has(language);
}

/** Returns the `language_code` to send to a model that accepts one, or undefined if the model would refuse it. */
export function languageFor(modelId: string, tag: string | undefined): string | undefined {
  return speaksLanguage(modelId, tag) ? vendorLanguage(tag) : undefined;
}

/** Returns the ISO 639 codes of the languages of a model, or an empty list if the model is not known. */
export const languagesOf = (modelId: string): string[] => [...(LANGUAGES.find(([pattern]) => pattern.test(modelId))?.[1] ?? [])];
