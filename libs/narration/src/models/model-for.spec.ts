import { checkLengthFor, checkModelFor, modelFor, useFor } from './model-for';
import { NARRATION_PURPOSES, type NarrationModel } from './narration-model';

const model = (id: string, streamsText: boolean, speaksDialogue: boolean): NarrationModel => ({
  id,
  name: id,
  maxCharacters: 3_000,
  streamsText,
  speaksDialogue,
  languages: ['en'],
  costFactor: 1,
});
const FLASH = model('eleven_flash_v2_5', true, false);
const MULTILINGUAL = model('eleven_multilingual_v2', true, false);
const V3 = model('eleven_v3', false, true);
const V4 = model('eleven_v4', false, true);
const ALL = [V4, V3, MULTILINGUAL, FLASH];

describe('the model for a purpose', () => {
  it.each([
    ['live', 'eleven_flash_v2_5'],
    ['balanced', 'eleven_multilingual_v2'],
    ['expressive', 'eleven_v3'],
    ['prerendered', 'eleven_v3'],
    ['multispeaker', 'eleven_v3'],
  ] as const)('%s is %s', (purpose, id) => {
    expect(modelFor(purpose)).toBe(id);
    expect(modelFor(purpose, ALL)).toBe(id);
  });

  it.each([
    ['a newer one where the usual one is gone', 'expressive', [FLASH, V4], 'eleven_v4'],
    ['another that takes text piece by piece', 'live', [V3, MULTILINGUAL], 'eleven_multilingual_v2'],
    ['another that speaks dialogue', 'multispeaker', [FLASH, model('own_dialogue', false, true)], 'own_dialogue'],
    ['the usual one where none fits', 'multispeaker', [FLASH], 'eleven_v3'],
  ] as const)('is %s', (_, purpose, models, id) => {
    expect(modelFor(purpose, models)).toBe(id);
  });

  it.each(NARRATION_PURPOSES)('fits the purpose %s', (purpose) => {
    const chosen = ALL.find(({ id }) => id === modelFor(purpose, ALL));
    expect(chosen && checkModelFor(purpose, chosen)).toBeUndefined();
    expect(chosen && checkModelFor(useFor(purpose), chosen)).toBeUndefined();
  });
});

describe('the check of a model', () => {
  it.each([
    [
      'stream',
      V3,
      'The model "eleven_v3" does not take text piece by piece. Use "eleven_flash_v2_5" for a live narration, or "eleven_v3" for an episode or dialogue.',
    ],
    [
      'live',
      V4,
      'The model "eleven_v4" does not take text piece by piece. Use "eleven_flash_v2_5" for a live narration, or "eleven_v4" for an episode or dialogue.',
    ],
    [
      'balanced',
      V4,
      'The model "eleven_v4" does not take text piece by piece. Use "eleven_multilingual_v2" for a live narration, or "eleven_v4" for an episode or dialogue.',
    ],
    [
      'dialogue',
      FLASH,
      'The model "eleven_flash_v2_5" does not speak dialogue. Use "eleven_v3" for it, or "eleven_flash_v2_5" for a narration with one voice.',
    ],
    [
      'multispeaker',
      MULTILINGUAL,
      'The model "eleven_multilingual_v2" does not speak dialogue. Use "eleven_v3" for it, or "eleven_multilingual_v2" for a narration with one voice.',
    ],
  ] as const)('refuses for %s %j and says which to use', (wanted, given, message) => {
    expect(checkModelFor(wanted, given, ALL)).toBe(message);
  });

  it.each([
    ['segment', FLASH],
    ['segment', V3],
    ['stream', FLASH],
    ['stream', MULTILINGUAL],
    ['dialogue', V3],
  ] as const)('accepts for %s %j', (wanted, given) => {
    expect(checkModelFor(wanted, given)).toBeUndefined();
  });

  it('refuses a text that is too long for one request', () => {
    expect(checkLengthFor('a'.repeat(3_000), FLASH)).toBeUndefined();
    expect(checkLengthFor('a'.repeat(3_001), FLASH)).toBe(
      'The text has 3001 characters; the model "eleven_flash_v2_5" takes at most 3000 at once.',
    );
  });
});
