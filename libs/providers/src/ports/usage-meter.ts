import { ProviderError } from './provider-error';

/** What vendors are paid for: requests to a model, characters that a voice is given, and milliseconds of audio that a recogniser is given. */
export type UsageKind = 'model_requests' | 'voice_characters' | 'recognition_ms';

/** Counts what one conversation uses of the vendors, and says when there is nothing left for it. Neither member may throw or take time. */
export interface UsageMeter {
  /** Asked before each use. False: the vendor must not be asked. */
  allows(kind: UsageKind): boolean;
  /** Tells what a vendor has been given, as a whole number. Returns whether anything is left. */
  spend(kind: UsageKind, amount: number): boolean;
}

/** A vendor was not asked, because the meter did not allow it. No other provider is tried, and none has failed. */
export class UsageRefused extends ProviderError {
  constructor(provider: string) {
    super(provider, 'quota', `${provider} was not asked, because nothing is left for this conversation`, { retryable: false });
  }
}
