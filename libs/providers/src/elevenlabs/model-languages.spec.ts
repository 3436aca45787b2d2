import { languageFor, speaksLanguage } from './model-languages';

describe('the languages of the models', () => {
  it.each([
    ['eleven_flash_v2_5', 'hi-IN', 'hi'],
    ['eleven_flash_v2_5', 'ta_IN', 'ta'],
    ['eleven_flash_v2_5', 'EN', 'en'],
    ['eleven_flash_v2_5', 'zh-Hant-TW', 'zh'],
    ['eleven_flash_v2_5', 'fil-PH', 'fil'],
    ['eleven_flash_v2_5', 'nb-NO', 'no'],
    ['eleven_turbo_v2_5', 'bn-IN', undefined],
    ['eleven_flash_v2_5', 'te-IN', undefined],
    ['eleven_flash_v2_5', 'x-klingon', undefined],
    ['eleven_flash_v2_5', '', undefined],
    ['eleven_flash_v2_5', undefined, undefined],
    ['eleven_flash_v2', 'hi-IN', undefined],
    ['eleven_v3', 'te-IN', 'te'],
  ])('languageFor: for the model %s, the tag %s is sent as %s', (model, tag, expected) => expect(languageFor(model, tag)).toBe(expected));

  it.each([
    ['eleven_v3', 'bn-IN', true],
    ['eleven_multilingual_v2', 'hi-IN', true],
    ['eleven_multilingual_v2', 'hu', false],
    ['eleven_flash_v2', 'hi-IN', false],
    ['a-model-of-somebody-else', 'bn-IN', true],
    ['eleven_flash_v2_5', undefined, true],
  ])('speaksLanguage: whether the model %s speaks %s is %s', (model, tag, expected) => expect(speaksLanguage(model, tag)).toBe(expected));
});
