/** A speech model as the simulator knows it. */
export interface SpeechModel {
  id: string;
  name: string;
  maxCharacters: number;
  /** Whether the TTS sockets serve it; v3 and v4 are served by the dialogue sockets. */
  onSockets: boolean;
  /** The most voices in one dialogue; 0: dialogue is not served. */
  dialogueVoices: number;
  /** Whether it accepts `language_code`. */
  takesLanguage: boolean;
  /** Whether it takes phonemes of a pronunciation dictionary. */
  takesPhonemes: boolean;
  /** ISO 639-1. */
  languages: readonly string[];
  /** Requests that may generate at once on the simulated plan. */
  concurrency: 'standard' | 'turbo';
  costFactor: number;
}

const ALL = 'en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru hu no vi'.split(' ');
const WITHOUT_LATEST = ALL.filter((language) => !['hu', 'no', 'vi'].includes(language));
const MORE =
  'af as az be bn bs ca ceb cy et fa ga gl gu ha he hy is jv ka kk kn ky lb ln lt lv mk ml mr ne ny pa ps sd sl so sr sw te th ur'.split(
    ' ',
  );
const ENGLISH = ['en'];

const MODELS: readonly SpeechModel[] = [
  speechModel('eleven_flash_v2_5', 'Eleven Flash v2.5', 40_000, ALL, { turbo: true }),
  speechModel('eleven_flash_v2', 'Eleven Flash v2', 30_000, ENGLISH, { turbo: true, takesPhonemes: true }),
  speechModel('eleven_turbo_v2_5', 'Eleven Turbo v2.5', 40_000, ALL, { turbo: true }),
  speechModel('eleven_turbo_v2', 'Eleven Turbo v2', 30_000, ENGLISH, { turbo: true, takesPhonemes: true }),
  speechModel('eleven_multilingual_v2', 'Eleven Multilingual v2', 10_000, WITHOUT_LATEST, { takesLanguage: false }),
  speechModel('eleven_v3', 'Eleven v3', 5000, [...ALL, ...MORE], { dialogueVoices: 10 }),
  speechModel('eleven_v3_conversational', 'Eleven v3 Conversational', 5000, [...ALL, ...MORE], { dialogueVoices: 1 }),
  speechModel('eleven_v4', 'Eleven v4', 10_000, [...ALL, ...MORE], { dialogueVoices: 10 }),
  speechModel('eleven_v4_turbo', 'Eleven v4 Turbo', 10_000, [...ALL, ...MORE], { dialogueVoices: 1, turbo: true }),
];

/** The model of a request that names none. */
export const DEFAULT_MODEL_ID = 'eleven_flash_v2_5';

/** The model of a dialogue request that names none. */
export const DEFAULT_DIALOGUE_MODEL_ID = 'eleven_v3';

export function findSpeechModel(id: string): SpeechModel | undefined {
  return MODELS.find((model) => model.id === id);
}

/** What is wrong with a `language_code` for a model, or undefined. */
export function languageProblem(model: SpeechModel, language: string | undefined): string | undefined {
  if (language === undefined) return undefined;
  if (!model.takesLanguage) return `Model ${model.id} does not support language_code.`;
  return model.languages.includes(language) ? undefined : `Model ${model.id} does not support the language ${language}.`;
}

/** The models as `GET /v1/models` shows them. */
export function modelRows(): object[] {
  return MODELS.map(({ id, name, maxCharacters, languages, concurrency, costFactor }) => ({
    model_id: id,
    name,
    can_be_finetuned: false,
    can_do_text_to_speech: true,
    can_do_voice_conversion: false,
    can_use_style: true,
    can_use_speaker_boost: true,
    serves_pro_voices: false,
    token_cost_factor: costFactor,
    description: name,
    requires_alpha_access: false,
    max_characters_request_free_user: maxCharacters,
    max_characters_request_subscribed_user: maxCharacters,
    maximum_text_length_per_request: maxCharacters,
    languages: languages.map((language) => ({ language_id: language, name: language })),
    model_rates: { character_cost_multiplier: costFactor },
    concurrency_group: concurrency,
  }));
}

interface Traits {
  dialogueVoices?: number;
  takesLanguage?: boolean;
  takesPhonemes?: boolean;
  turbo?: boolean;
}

function speechModel(
  id: string,
  name: string,
  maxCharacters: number,
  languages: readonly string[],
  { dialogueVoices = 0, takesLanguage = true, takesPhonemes = false, turbo = false }: Traits,
): SpeechModel {
  return {
    id,
    name,
    maxCharacters,
    onSockets: dialogueVoices === 0,
    dialogueVoices,
    takesLanguage,
    takesPhonemes,
    languages,
    concurrency: turbo ? 'turbo' : 'standard',
    costFactor: turbo ? 0.5 : 1,
  };
}
