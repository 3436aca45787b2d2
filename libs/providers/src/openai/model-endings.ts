import type { ModelEnding } from '../registry/provider-descriptor';

/** Some models and the day (UTC) from which the vendor no longer serves them. */
interface Ending {
  /** The day, as `YYYY-MM-DD`. */
  endsOn: string;
  models: readonly string[];
}

/**
 * The end dates that OpenAI has announced for its chat models, as listed in the documentation of `ChatModel` in its SDK (`openai` 7.55.0,
 * `resources/shared.d.ts`, read on 2026-11-29), which repeats https://developers.openai.com/api/docs/deprecations. Dated snapshots of a
 * model end with it unless they are listed separately. `GET /v1/models` reports the same date as `shutdown_date`. The announced successor
 * of the small, fast models is `gpt-6-luna`.
 */
const ENDINGS: readonly Ending[] = [
  {
    endsOn: '2026-10-23',
    models: ['gpt-4.1-nano', 'o4-mini', 'o3-mini', 'o1', 'gpt-4o-2024-05-13', 'gpt-4-turbo', 'gpt-4', 'gpt-3.5-turbo'],
  },
  { endsOn: '2026-12-11', models: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o3'] },
  { endsOn: '2027-01-14', models: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'] },
  { endsOn: '2027-04-01', models: ['gpt-5.1', 'gpt-5.4-nano'] },
  { endsOn: '2026-08-10', models: ['gpt-5.3-chat-latest', 'gpt-5.2-chat-latest'] },
  { endsOn: '2026-07-23', models: ['gpt-5.1-chat-latest', 'gpt-5-chat-latest', 'gpt-4o-search-preview', 'gpt-4o-mini-search-preview'] },
  { endsOn: '2026-02-17', models: ['chatgpt-4o-latest'] },
];

const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** Returns the announced end of a model by its name, or undefined if none is known. */
export function endingOf(model: string, now: Date): ModelEnding | undefined {
  const find = (name: string): Ending | undefined => ENDINGS.find(({ models }) => models.includes(name));
  const endsOn = (find(model) ?? find(model.replace(SNAPSHOT, '')))?.endsOn;
  if (endsOn === undefined) return undefined;
  return { model, endsOn, inDays: Math.ceil((Date.parse(endsOn) - now.getTime()) / DAY_MS) };
}
