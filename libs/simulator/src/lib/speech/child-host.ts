/** The child's end of the IPC channel. Runs in the speech processes only. */
import type { ChildNotice } from './child-messages.ts';

/**
 * Hands every message of the parent to `handle`, and returns what sends to it. The process ends with its channel, so
 * that none outlives its server however that ended.
 */
export function serveParent<In, Out>(handle: (message: In) => void): (message: Out | ChildNotice) => void {
  process.on('message', (message) => handle(message as In));
  process.on('disconnect', () => process.exit(0));
  return (message) => {
    // The callback takes the error of a channel that is just closing; 'disconnect' follows.
    process.send?.(message, undefined, undefined, () => undefined);
  };
}
