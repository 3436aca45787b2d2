import type { EngineFactory } from '@parley/engine';
import type { EngineName } from '@parley/protocol';

/** Who makes the conversations, by the name that a client asks for. What is not there is refused. */
export type Engines = Readonly<Partial<Record<EngineName, EngineFactory>>>;

/** Injection token of `Engines`. */
export const ENGINES = Symbol('ENGINES');

/** The engines that conversations can be had with, the default first. */
export const engineNames = (engines: Engines): EngineName[] =>
  (['pipeline', 'agent'] as const).filter((name) => engines[name] !== undefined);
