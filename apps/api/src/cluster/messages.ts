import type { Ending } from '../lifecycle/end-signals';

/** The metrics of one process, as `getMetricsAsJSON` of prom-client gives them. */
export type MetricsSnapshot = readonly { name: string; type: unknown }[];

/** What the supervisor tells a process. */
export type ToProcess =
  | { parley: 'end'; ending: Ending }
  /** To be answered with `alive`. */
  | { parley: 'ping' }
  /** To be answered with `metrics`. */
  | { parley: 'collect'; id: number }
  /** The answer to `sum`: Prometheus text. */
  | { parley: 'summed'; id: number; text: string };

/** What a process tells the supervisor. */
export type FromProcess =
  /** It takes connections at this address. */
  | { parley: 'ready'; url: string }
  | { parley: 'alive' }
  | { parley: 'metrics'; id: number; metrics: MetricsSnapshot }
  /** Somebody asks this process for the metrics of all. */
  | { parley: 'sum'; id: number };

/** Tells these messages from those that Node itself and libraries send on the same channel. */
export const isOurs = (message: unknown): boolean => typeof message === 'object' && message !== null && 'parley' in message;
