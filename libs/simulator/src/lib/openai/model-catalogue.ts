/** A model as the simulator knows it. */
export interface SimulatedModel {
  id: string;
  /** Refuses `max_tokens` and `temperature`. */
  reasoning: boolean;
  /** `YYYY-MM-DD`, or null when none is announced. */
  shutdownDate: string | null;
}

const model = (id: string, shutdownDate: string | null, reasoning = false): SimulatedModel => ({ id, reasoning, shutdownDate });

const MODELS: readonly SimulatedModel[] = [
  model('gpt-4o', '2027-01-14'),
  model('gpt-4o-mini', '2027-01-14'),
  model('gpt-4.1', '2027-01-14'),
  model('gpt-4.1-mini', '2027-01-14'),
  model('gpt-5', '2026-12-11', true),
  model('gpt-5-mini', '2026-12-11', true),
  model('gpt-5-nano', '2026-12-11', true),
  model('o3', '2026-12-11', true),
  model('gpt-6-luna', null, true),
  model('gpt-4.1-nano', '2026-10-23'),
  model('o4-mini', '2026-10-23', true),
  model('gpt-4', '2026-10-23'),
  model('gpt-3.5-turbo', '2026-10-23'),
];

const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

/** The models that are still served on a day (`YYYY-MM-DD`). */
export function modelsServedOn(date: string): readonly SimulatedModel[] {
  return MODELS.filter(({ shutdownDate }) => shutdownDate === null || shutdownDate > date);
}

/** The model behind an id or a dated snapshot of it; undefined when it was never there or is retired. */
export function findModel(id: string, date: string): SimulatedModel | undefined {
  const name = id.replace(SNAPSHOT, '');
  return modelsServedOn(date).find((candidate) => candidate.id === name);
}
