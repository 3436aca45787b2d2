import { type ModelUse, type NarrationModel, type NarrationPurpose } from './narration-model';

/** ElevenLabs' models, best first. A newer one follows the first, for accounts that do not have it any more. */
const PREFERRED: Readonly<Record<NarrationPurpose, readonly string[]>> = {
  live: ['eleven_flash_v2_5', 'eleven_flash_v2'],
  balanced: ['eleven_multilingual_v2'],
  expressive: ['eleven_v3', 'eleven_v4'],
  prerendered: ['eleven_v3', 'eleven_v4'],
  multispeaker: ['eleven_v3', 'eleven_v4'],
};

const USES: Readonly<Record<NarrationPurpose, ModelUse>> = {
  live: 'stream',
  balanced: 'stream',
  expressive: 'dialogue',
  prerendered: 'dialogue',
  multispeaker: 'dialogue',
};

/** How a narration with this purpose asks its model. */
export const useFor = (purpose: NarrationPurpose): ModelUse => USES[purpose];

/** The id of the model for a purpose: the preferred one, or if `models` does not have it, the first that can be used so. */
export function modelFor(purpose: NarrationPurpose, models: readonly NarrationModel[] = []): string {
  const [best = ''] = PREFERRED[purpose];
  const listed = PREFERRED[purpose].find((id) => models.some((model) => model.id === id));
  return listed ?? models.find((model) => canBeUsed(USES[purpose], model))?.id ?? best;
}

export const isPurpose = (word: string): word is NarrationPurpose => Object.hasOwn(USES, word);

/** Whether a model takes text in this way. Whole texts over HTTP are taken by all. */
export const canBeUsed = (use: ModelUse, model: NarrationModel): boolean =>
  use === 'segment' || (use === 'stream' ? model.streamsText : model.speaksDialogue);

/** Why a model does not fit a purpose or use, and which to take; undefined if it fits. `models` are those that can be suggested. */
export function checkModelFor(
  wanted: NarrationPurpose | ModelUse,
  model: NarrationModel,
  models: readonly NarrationModel[] = [],
): string | undefined {
  const use = isPurpose(wanted) ? USES[wanted] : wanted;
  if (canBeUsed(use, model)) return undefined;
  const purpose = isPurpose(wanted) ? wanted : use === 'stream' ? 'live' : 'multispeaker';
  const suggestion = modelFor(purpose, models);
  return use === 'stream'
    ? `The model "${model.id}" does not take text piece by piece. Use "${suggestion}" for a live narration, or "${model.id}" for an episode or dialogue.`
    : `The model "${model.id}" does not speak dialogue. Use "${suggestion}" for it, or "${model.id}" for a narration with one voice.`;
}

/** Why a text is too long for one request to a model; undefined if it is not. Counts UTF-16 code units. */
export const checkLengthFor = (text: string, model: NarrationModel): string | undefined =>
  text.length <= model.maxCharacters
    ? undefined
    : `The text has ${text.length} characters; the model "${model.id}" takes at most ${model.maxCharacters} at once.`;
