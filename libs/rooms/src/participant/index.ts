/** The assistant as a participant of a room. */
export { type JobMetadata, parseJobMetadata } from './job-metadata';
export { RoomParticipant } from './room-participant';
export type { SpokenLine } from './opening-line';
export type { OpeningOccasion, RoomParticipantOptions } from './room-participant-options';
