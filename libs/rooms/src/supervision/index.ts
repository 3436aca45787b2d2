export { RoomSupervisor, type RoomSupervisorOptions } from './room-supervisor';
export type { SupervisedParticipant, SupervisedRooms } from './supervised-rooms';
