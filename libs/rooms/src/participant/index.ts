/** The assistant as a participant of a room. */
export { type JobMetadata, parseJobMetadata } from './job-metadata';
export type { RoomEndReason, RoomJob, RoomParticipantOptions } from './room-job';
export { RoomParticipant } from './room-participant';
