import {
  AvailabilityResponse,
  JobStatus,
  JobType,
  RegisterWorkerRequest,
  UpdateJobStatus,
  UpdateWorkerStatus,
  WorkerMessage,
  WorkerPing,
  WorkerStatus,
} from '@livekit/protocol';
import type { Acceptance, JobOutcome, WorkerReport } from './dispatch-messages';

const JOB_STATUS: Record<JobOutcome, JobStatus> = {
  running: JobStatus.JS_RUNNING,
  success: JobStatus.JS_SUCCESS,
  failed: JobStatus.JS_FAILED,
};

const bytesOf = (message: WorkerMessage['message']): Uint8Array => new WorkerMessage({ message }).toBinary();

/** The first message of a worker. It is offered only the jobs of dispatches that ask for this agent name. */
export const registration = (agentName: string, version: string): Uint8Array =>
  bytesOf({ case: 'register', value: new RegisterWorkerRequest({ type: JobType.JT_ROOM, agentName, version }) });

/** The answer to an offer. Undefined refuses it, and the server asks the next worker. */
export const availability = (jobId: string, acceptance: Acceptance | undefined): Uint8Array =>
  bytesOf({
    case: 'availability',
    value: new AvailabilityResponse({
      jobId,
      available: acceptance !== undefined,
      participantIdentity: acceptance?.identity,
      participantName: acceptance?.name,
    }),
  });

export const workerStatus = ({ isFull, load, rooms }: WorkerReport): Uint8Array =>
  bytesOf({
    case: 'updateWorker',
    value: new UpdateWorkerStatus({ status: isFull ? WorkerStatus.WS_FULL : WorkerStatus.WS_AVAILABLE, load, jobCount: rooms }),
  });

/** `error` is shown by the server's tools. It must say nothing of the conversation. */
export const jobStatus = (jobId: string, outcome: JobOutcome, error?: string): Uint8Array =>
  bytesOf({ case: 'updateJob', value: new UpdateJobStatus({ jobId, status: JOB_STATUS[outcome], error }) });

export const ping = (): Uint8Array => bytesOf({ case: 'ping', value: new WorkerPing({ timestamp: BigInt(Date.now()) }) });
