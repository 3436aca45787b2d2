export * from '../participant';
export type { Attendee, JoinRequest, JoinRoom, RoomEnd, RoomJob } from './attendee';
export { routeMediaLog } from './media-log';
export type { WorkerStore } from './worker-store';
export { RoomWorker, type RoomWorkerOptions, type RoomWorkerResources } from './room-worker';
export { WorkerAdmission } from '../dispatch/worker-admission';
export { type DispatchConnection, type DispatchHandler, WorkerConnection } from '../dispatch/worker-connection';
