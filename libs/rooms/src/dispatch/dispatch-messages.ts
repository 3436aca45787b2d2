/** A job that the media server offers: somebody has to attend this room. */
export interface OfferedJob {
  jobId: string;
  room: string;
  /** What the dispatch says about the conversation. Not checked. */
  metadata: string;
}

/** A job that is this worker's now. */
export interface AssignedJob extends OfferedJob {
  /** Lets its holder join the room as the identity that was given with the answer. A secret. */
  token: string;
  /** Where to join, if it is not where the worker is registered. */
  url: string | undefined;
}

/** What the media server says to a worker. */
export type DispatchMessage =
  | { type: 'registered'; workerId: string }
  /** `job` is undefined if the job cannot be attended: it is none for a room, or not as the protocol has it. */
  | { type: 'availability'; jobId: string; job: OfferedJob | undefined }
  | { type: 'assignment'; jobId: string; job: AssignedJob | undefined }
  | { type: 'termination'; jobId: string }
  | { type: 'pong' }
  /** Of a later version of the protocol. */
  | { type: 'unknown' };

/** How a worker answers an offer. */
export interface Acceptance {
  /** Who the assistant is in the room. */
  identity: string;
  /** The name that people see. */
  name: string;
}

/** The state of a worker, for the media server's choice among workers. */
export interface WorkerReport {
  isFull: boolean;
  /** From 0 to 1. At 0.7 and more the server does not ask. */
  load: number;
  rooms: number;
}

export type JobOutcome = 'running' | 'success' | 'failed';
