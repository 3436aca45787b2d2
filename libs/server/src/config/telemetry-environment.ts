import { RoomEnvironment } from './room-environment';

/** What the server tells of itself: metrics, traces and logs. */
export class TelemetryEnvironment extends RoomEnvironment {}
