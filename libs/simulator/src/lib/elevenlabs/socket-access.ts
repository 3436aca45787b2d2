import { accessOf } from '../access';
import type { SocketFailure } from '../server/socket-link';
import { quotaFailure, socketFailure } from './elevenlabs-errors';

/** What the account behind a socket may do. The key comes with the upgrade or with the first message. */
export class SocketAccess {
  #quota = false;
  #known = false;

  /** Takes the key of the upgrade or of a message, if it has one; returns the failure when the socket must end. */
  admit(key: string | undefined): SocketFailure | undefined {
    if (this.#known) return undefined;
    if (key === undefined)
      return socketFailure('authentication_required', 'An API key is required, in the xi-api-key header or in the first message.');
    return this.#take(key);
  }

  /** The failure when the account's quota does not allow text to be voiced. */
  onGenerate(): SocketFailure | undefined {
    return this.#quota ? quotaFailure() : undefined;
  }

  #take(key: string): SocketFailure | undefined {
    this.#known = true;
    switch (accessOf(key)) {
      case 'missing':
      case 'bad':
        return socketFailure('invalid_api_key', 'Invalid API key');
      case 'rate':
        return socketFailure('too_many_concurrent_requests', 'Too many concurrent requests.');
      case 'quota':
        this.#quota = true;
        return undefined;
      default:
        return undefined;
    }
  }
}
