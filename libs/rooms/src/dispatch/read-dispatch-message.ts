import { type Job, type JobAssignment, JobType, ServerMessage } from '@livekit/protocol';
import type { AssignedJob, DispatchMessage, OfferedJob } from './dispatch-messages';

const MAX_ID_CHARACTERS = 128;
const MAX_ROOM_CHARACTERS = 256;
const MAX_METADATA_CHARACTERS = 64 * 1024;
const MAX_TOKEN_CHARACTERS = 16 * 1024;

/** Undefined if the bytes are no message of the protocol. */
export function readDispatchMessage(bytes: Uint8Array): DispatchMessage | undefined {
  let message: ServerMessage['message'];
  try {
    ({ message } = ServerMessage.fromBinary(bytes));
  } catch {
    return undefined;
  }
  switch (message.case) {
    case 'register':
      return isId(message.value.workerId) ? { type: 'registered', workerId: message.value.workerId } : undefined;
    case 'availability':
      return withJobId(message.value.job, (jobId, job) => ({ type: 'availability', jobId, job: offered(job) }));
    case 'assignment': {
      const { value } = message;
      return withJobId(value.job, (jobId, job) => ({ type: 'assignment', jobId, job: assigned(job, value) }));
    }
    case 'termination':
      return isId(message.value.jobId) ? { type: 'termination', jobId: message.value.jobId } : undefined;
    case 'pong':
      return { type: 'pong' };
    default:
      return { type: 'unknown' };
  }
}

const isId = (id: string): boolean => id.length > 0 && id.length <= MAX_ID_CHARACTERS && /^[\w-]+$/.test(id);

const withJobId = (job: Job | undefined, read: (jobId: string, job: Job) => DispatchMessage): DispatchMessage | undefined =>
  job !== undefined && isId(job.id) ? read(job.id, job) : undefined;

function offered({ id: jobId, type, room, metadata }: Job): OfferedJob | undefined {
  const name = room?.name ?? '';
  if (type !== JobType.JT_ROOM || name === '' || name.length > MAX_ROOM_CHARACTERS || metadata.length > MAX_METADATA_CHARACTERS) {
    return undefined;
  }
  return { jobId, room: name, metadata };
}

function assigned(job: Job, { token, url }: JobAssignment): AssignedJob | undefined {
  const offer = offered(job);
  if (!offer || token === '' || token.length > MAX_TOKEN_CHARACTERS) return undefined;
  if (url === undefined || url === '') return { ...offer, token, url: undefined };
  return /^(?:ws|http)s?:$/.test(URL.parse(url)?.protocol ?? '') ? { ...offer, token, url } : undefined;
}
