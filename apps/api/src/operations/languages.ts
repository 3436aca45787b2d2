import type { LanguageDescription } from '@parley/protocol';

/** The languages that both the speech recognition and the voices support. Only those that the voice in use supports are offered. */
export const LANGUAGES: readonly LanguageDescription[] = [
  { code: 'en-IN', name: 'English' },
  { code: 'hi-IN', name: 'हिन्दी' },
  { code: 'bn-IN', name: 'বাংলা' },
  { code: 'gu-IN', name: 'ગુજરાતી' },
  { code: 'kn-IN', name: 'ಕನ್ನಡ' },
  { code: 'ml-IN', name: 'മലയാളം' },
  { code: 'mr-IN', name: 'मराठी' },
  { code: 'pa-IN', name: 'ਪੰਜਾਬੀ' },
  { code: 'ta-IN', name: 'தமிழ்' },
  { code: 'te-IN', name: 'తెలుగు' },
];
