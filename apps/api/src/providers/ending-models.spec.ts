import { testSettings } from '../testing/test-settings';
import { warnOfEndingModels } from './ending-models';

const NOVEMBER = new Date('2026-11-29T12:00:00Z');
const KEY = { OPENAI_API_KEY: 'secret' };

function warnings(environment: Record<string, string>, now = NOVEMBER): object[] {
  const lines: object[] = [];
  warnOfEndingModels(testSettings(environment), now, { warn: (line) => void lines.push(line) });
  return lines;
}

describe('the warning of models that end', () => {
  it('names the model, its end, and who is asked then', () => {
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
    ['more than 90 days before', '2026-10-15T00:00:00Z', []],
    ['90 days before', '2026-10-16T00:00:00Z', ['a language model ends soon']],
    ['a moment before', '2027-01-13T23:59:59Z', ['a language model ends soon']],
    ['on the day', '2027-01-14T00:00:00Z', ['a language model has ended']],
    ['long after', '2028-01-01T00:00:00Z', ['a language model has ended']],
  ])('is given %s as it is then', (_name, now, messages) => {
    expect(warnings(KEY, new Date(now))).toMatchObject(messages.map((message) => ({ message })));
  });

  it('says so where nobody is asked then', () => {
    expect(warnings({ ...KEY, LLM_MODEL: 'gpt-4o', LLM_FALLBACK: 'openai:gpt-4.1-mini' })).toMatchObject([
      { model: 'gpt-4o', variable: 'LLM_MODEL', next: 'none' },
      { model: 'gpt-4.1-mini', variable: 'LLM_FALLBACK', next: 'none' },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['without a key', {}],
    ['at another server', { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' }],
    ['at another server, with a key', { ...KEY, OPENAI_BASE_URL: 'https://gateway.example/v1' }],
    ['of a model without an announced end', { ...KEY, LLM_MODEL: 'gpt-6-luna' }],
    [
      'of a fallback at another server',
      { ...KEY, LLM_MODEL: 'gpt-6-luna', LLM_FALLBACK: 'openai:gpt-4o@http://127.0.0.1:11434/v1,simulated' },
    ],
  ])('is not given %s', (_name, environment) => {
    expect(warnings(environment)).toEqual([]);
  });

  it('is given at the vendor’s own address, too', () => {
    expect(warnings({ ...KEY, OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' })).toHaveLength(1);
    expect(warnings({ LLM_FALLBACK: 'openai:gpt-4o@https://api.openai.com/v1', LLM_FALLBACK_API_KEY: 'secret' })).toHaveLength(1);
  });

  it('tells nothing secret', () => {
    expect(JSON.stringify(warnings(KEY))).not.toContain('secret');
  });
});
