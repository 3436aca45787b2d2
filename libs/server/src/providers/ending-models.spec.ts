import { testSettings } from '../testing/test-settings';
import { warnOfEndingModels } from './ending-models';

const NOVEMBER = new Date('2026-11-29T12:00:00Z');
const KEY = { OPENAI_API_KEY: 'secret' };

function warnings(environment: Record<string, string>, now = NOVEMBER): object[] {
  const lines: object[] = [];
  warnOfEndingModels(testSettings(environment), now, { warn: (line) => void lines.push(line) });
  return lines;
}

describe('the warning about models that the vendor retires', () => {
  it('names the model, its last day, and the fallback that is used afterwards', () => {
    expect(warnings(KEY)).toEqual([
      {
        message: 'a language model ends soon',
        model: 'gpt-4o',
        endsOn: '2027-01-14',
        inDays: 46,
        variable: 'LLM_MODEL',
        next: 'gpt-6-luna',
      },
    ]);
  });

  it.each([
    ['more than 90 days before the end', '2026-10-15T00:00:00Z', []],
    ['90 days before the end', '2026-10-16T00:00:00Z', ['a language model ends soon']],
    ['one second before the day of the end', '2027-01-13T23:59:59Z', ['a language model ends soon']],
    ['on the day of the end', '2027-01-14T00:00:00Z', ['a language model has ended']],
    ['long after the end', '2028-01-01T00:00:00Z', ['a language model has ended']],
  ])('has the right text, or is absent, %s', (_name, now, messages) => {
    expect(warnings(KEY, new Date(now))).toMatchObject(messages.map((message) => ({ message })));
  });

  it('says when there is no fallback to use afterwards', () => {
    expect(warnings({ ...KEY, LLM_MODEL: 'gpt-4o', LLM_FALLBACK: 'openai:gpt-4.1-mini' })).toMatchObject([
      { model: 'gpt-4o', variable: 'LLM_MODEL', next: 'none' },
      { model: 'gpt-4.1-mini', variable: 'LLM_FALLBACK', next: 'none' },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['without a key', {}],
    ['when the model is on another server', { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' }],
    ['when the model is on another server and there is a key', { ...KEY, OPENAI_BASE_URL: 'https://gateway.example/v1' }],
    ['for a model without an announced end', { ...KEY, LLM_MODEL: 'gpt-6-luna' }],
    [
      'for a fallback on another server',
      { ...KEY, LLM_MODEL: 'gpt-6-luna', LLM_FALLBACK: 'openai:gpt-4o@http://127.0.0.1:11434/v1,simulated' },
    ],
  ])('is not given %s', (_name, environment) => {
    expect(warnings(environment)).toEqual([]);
  });

  it('is also given when the vendor’s own address is configured explicitly', () => {
    expect(warnings({ ...KEY, OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' })).toHaveLength(1);
    expect(warnings({ LLM_FALLBACK: 'openai:gpt-4o@https://api.openai.com/v1', LLM_FALLBACK_API_KEY: 'secret' })).toHaveLength(1);
  });

  it('reveals no secret', () => {
    expect(JSON.stringify(warnings(KEY))).not.toContain('secret');
  });
});
