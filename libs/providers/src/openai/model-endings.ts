import type { ModelEnding } from '../registry/provider-descriptor';

/** From this day (UTC) the vendor serves these models no more. */
interface Ending {
  /** `YYYY-MM-DD`. */
  endsOn: string;
  models: readonly string[];
}

/**
 * The ends that OpenAI has announced for its chat models, as the documentation of `ChatModel` in its SDK lists them (`openai` 7.55.0,
 * `resources/shared.d.ts`, read on 2026-11-29), which repeats https://developers.openai.com/api/docs/deprecations. Dated snapshots of a model end
 * with it unless they are listed themselves. `GET /v1/models` tells the same as `shutdown_date`. The announced successor of the small, quick
 * ones is `gpt-6-luna`.
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

/** When the vendor ends a model, by its name; undefined where no end is known. */
export function endingOf(model: string, now: Date): ModelEnding | undefined {
  const find = (name: string): Ending | undefined => ENDINGS.find(({ models }) => models.includes(name));
  const endsOn = (find(model) ?? find(model.replace(SNAPSHOT, '')))?.endsOn;
  if (endsOn === undefined) return undefined;
  return { model, endsOn, inDays: Math.ceil((Date.parse(endsOn) - now.getTime()) / DAY_MS) };
}
