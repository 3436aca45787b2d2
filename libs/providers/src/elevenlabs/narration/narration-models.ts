import type { NarrationModel } from '../../ports/narration';
import { asNumber, asObject, asString, type JsonObject } from '../../shared/json';
import { languagesOf } from '../model-languages';
import { modelTraits } from '../model-traits';

/** Limit of a model of which nothing is known. */
const CHARACTERS_AT_LEAST = 5_000;
const MOST_MODELS = 200;
const MOST_NAME_CHARACTERS = 200;

const model = (id: string, name: string, maxCharacters: number, costFactor: number): NarrationModel => ({
  id,
  name,
  maxCharacters,
  streamsText: modelTraits(id).worksOnSocket,
  speaksDialogue: speaksDialogue(id),
  languages: languagesOf(id),
  costFactor,
});

/** The models of the vendor, with the limits and prices that it documents, for when its list is not to be had. */
export const BUILT_IN_MODELS: readonly NarrationModel[] = [
  model('eleven_flash_v2_5', 'Eleven Flash v2.5', 40_000, 0.5),
  model('eleven_flash_v2', 'Eleven Flash v2', 30_000, 0.5),
  model('eleven_multilingual_v2', 'Eleven Multilingual v2', 10_000, 1),
  model('eleven_v3', 'Eleven v3', CHARACTERS_AT_LEAST, 1),
  model('eleven_v4', 'Eleven v4', 10_000, 1),
  model('eleven_v4_turbo', 'Eleven v4 Turbo', 10_000, 0.5),
];

/** Whether a model speaks several voices. The conversational and the turbo models of the same generation speak one. */
export function speaksDialogue(id: string): boolean {
  return /^eleven_v(?:[3-9]|\d\d)/.test(id) && !/conversational|turbo/.test(id);
}

/** Reads the vendor's list of models. Models that do not speak and entries of another shape are left out. */
export function readModels(list: unknown): NarrationModel[] {
  const rows: readonly unknown[] = Array.isArray(list) ? list : asArray(asObject(list)?.['models']);
  return rows.slice(0, MOST_MODELS).flatMap((row) => readModel(asObject(row)));
}

function readModel(row: JsonObject | undefined): NarrationModel[] {
  const id = asString(row?.['model_id']);
  if (!row || id === undefined || id === '' || id.length > MOST_NAME_CHARACTERS || row['can_do_text_to_speech'] === false) return [];
  const known = BUILT_IN_MODELS.find((candidate) => candidate.id === id);
  const maxCharacters = positive(row['maximum_text_length_per_request']) ?? positive(row['max_characters_request_subscribed_user']);
  const costFactor = positive(asObject(row['model_rates'])?.['character_cost_multiplier']) ?? positive(row['token_cost_factor']);
  const languages = asArray(row['languages']).flatMap((entry) => asString(asObject(entry)?.['language_id']) ?? []);
  const { name, ...derived } = model(id, (asString(row['name']) ?? id).slice(0, MOST_NAME_CHARACTERS), CHARACTERS_AT_LEAST, 1);
  return [
    {
      ...derived,
      name,
      maxCharacters: maxCharacters ?? known?.maxCharacters ?? derived.maxCharacters,
      costFactor: costFactor ?? known?.costFactor ?? derived.costFactor,
      languages: languages.length > 0 ? languages : derived.languages,
    },
  ];
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function positive(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** What is known of a model without asking the vendor. */
export const narrationModel = (id: string): NarrationModel =>
  BUILT_IN_MODELS.find((candidate) => candidate.id === id) ?? model(id, id, CHARACTERS_AT_LEAST, 1);
