import { AsyncLocalStorage } from 'node:async_hooks';

/** A connection that can be ended when code that works for it fails. */
export interface ServedConnection {
  /** Id of its conversation or narration. */
  readonly id: string;
  /** Ends what runs on it with a fatal error. */
  endAfterFault(): void;
}

const served = new AsyncLocalStorage<ServedConnection>();

/** Runs code for a connection. Node remembers that for the timers, promises and sockets that the code makes, and for theirs in turn. */
export const workFor = <Result>(connection: ServedConnection, act: () => Result): Result => served.run(connection, act);

/** The connection for which the running code works; undefined if it works for none, or for all. */
export const servedConnection = (): ServedConnection | undefined => served.getStore();
