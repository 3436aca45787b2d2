/** Primary language subtags that the recogniser knows. All of them are sent with the region `IN`. */
const KNOWN = new Set([
  'en',
  'hi',
  'bn',
  'kn',
  'ml',
  'mr',
  'or',
  'pa',
  'ta',
  'te',
  'gu',
  'as',
  'ur',
  'ne',
  'kok',
  'ks',
  'sd',
  'sa',
  'sat',
  'mni',
  'brx',
  'mai',
  'doi',
]);

/**
 * Returns the `language_code` of the realtime socket for a BCP-47 tag. Odia is `or-IN`. If the tag is missing or unknown to the vendor, the
 * language is detected (`auto`).
 */
export function realtimeLanguage(tag: string | undefined): string {
  const language = primarySubtag(tag);
  return language === undefined ? 'auto' : `${language}-IN`;
}

/** Returns the `language-code` of the legacy socket, on which Odia is `od-IN` and detection is called `unknown`. */
export function legacyLanguage(tag: string | undefined): string {
  const language = primarySubtag(tag);
  if (language === undefined) return 'unknown';
  return language === 'or' ? 'od-IN' : `${language}-IN`;
}

function primarySubtag(tag: string | undefined): string | undefined {
  const subtag = tag?.split(/[-_]/, 1)[0]?.toLowerCase();
  if (subtag === undefined) return undefined;
  const language = subtag === 'od' ? 'or' : subtag;
  return KNOWN.has(language) ? language : undefined;
}
