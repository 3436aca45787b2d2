const SHARED = [
  'en',
  'hi',
  'bn',
  'kn',
  'ml',
  'mr',
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
].map((language) => `${language}-IN`);

/** `language_code` of the realtime endpoint: Odia is `or-IN`, detection is `auto`. */
export const REALTIME_LANGUAGES: ReadonlySet<string> = new Set([...SHARED, 'or-IN', 'auto']);

/** `language-code` of the legacy endpoint: Odia is `od-IN`, detection is `unknown`. */
export const LEGACY_LANGUAGES: ReadonlySet<string> = new Set([...SHARED, 'od-IN', 'unknown']);

/** The only language that the simulator's recogniser understands. */
export const HEARD_LANGUAGE = 'en-IN';

/** The confidence that the simulator reports for its language detection, 0..1. */
export const LANGUAGE_CONFIDENCE = 0.97;
