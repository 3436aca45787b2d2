import type { EngineFactory } from '@parley/engine';
import type { EngineName } from '@parley/protocol';

/** The engine factories by the name that a client asks for. A client that asks for another name is refused. */
export type Engines = Readonly<Partial<Record<EngineName, EngineFactory>>>;

/** Injection token of `Engines`. */
export const ENGINES = Symbol('ENGINES');

/** The names of the available engines, the default one first. */
export const engineNames = (engines: Engines): EngineName[] =>
  (['pipeline', 'agent'] as const).filter((name) => engines[name] !== undefined);
