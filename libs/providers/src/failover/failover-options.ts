import type { ProviderErrorCode } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import type { ProviderHealth } from './provider-health';

/** One of those that may answer for a stage. */
export interface FailoverProvider<Port> {
  /** For logs and counts: tells it from the others of its stage. Never a key. */
  readonly name: string;
  readonly port: Port;
}

/** The next provider is asked in place of one that was given up on. */
export interface ProviderSwitch {
  from: string;
  to: string;
  /** What the first one failed with. */
  code: ProviderErrorCode;
}

export interface FailoverOptions<Port> {
  /** In the order in which they are asked; the first one gives its name to the whole. */
  providers: readonly [FailoverProvider<Port>, ...FailoverProvider<Port>[]];
  /** Which of them are better left alone for now; shared by all conversations. */
  health: ProviderHealth;
  /** All tries together may take this long without any result, default 12 000. */
  stageTimeoutMs?: number;
  onSwitch?(change: ProviderSwitch): void;
  /** Monotonic clock in milliseconds; default `performance.now`. */
  now?: () => number;
}

export const infoOf = ({ providers: [{ port }] }: FailoverOptions<{ readonly info: ProviderInfo }>): ProviderInfo => port.info;
