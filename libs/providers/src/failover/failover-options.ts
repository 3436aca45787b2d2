import type { ProviderErrorCode } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import type { ProviderHealth } from './provider-health';

/** One of the providers that can do the work of a stage. */
export interface FailoverProvider<Port> {
  /** A name for logs and metrics that distinguishes the provider from the others of its stage. It never contains a key. */
  readonly name: string;
  readonly port: Port;
}

/** Describes the switch from a provider that failed to the next one. */
export interface ProviderSwitch {
  from: string;
  to: string;
  /** The code with which the first provider failed. */
  code: ProviderErrorCode;
}

/** Describes a try that has failed. */
export interface FailedTry {
  /** Name of the provider among those of its stage, as in `FailoverProvider`. */
  provider: string;
  code: ProviderErrorCode;
  /** Whether the same provider is tried once more. */
  isRetried: boolean;
}

export interface FailoverOptions<Port> {
  /** The providers in the order in which they are asked. The whole takes its name from the first one. */
  providers: readonly [FailoverProvider<Port>, ...FailoverProvider<Port>[]];
  /** Knows which providers should not be asked first at the moment. Shared by all conversations. */
  health: ProviderHealth;
  /** Limit for all tries together without any result, in milliseconds, default 12 000. */
  stageTimeoutMs?: number;
  onSwitch?(change: ProviderSwitch): void;
  /** Called for every try that has failed, before `onSwitch`. */
  onFailure?(failure: FailedTry): void;
  /** A monotonic clock in milliseconds, default `performance.now`. */
  now?: () => number;
}

export const infoOf = ({ providers: [{ port }] }: FailoverOptions<{ readonly info: ProviderInfo }>): ProviderInfo => port.info;
