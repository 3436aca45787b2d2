/** Rooms in a browser: joining one, its members, their devices, chat, and the assistant's messages. The media library is loaded on joining. */
export { SILENCE_DBFS } from '../audio/mic-capture';
export * from '../audio/microphones';
export { MicrophoneCheck } from './microphone-check';
export { MEASURE_EVERY_MS, RoomConnection } from './room-connection';
export { RoomError, type RoomProblem, roomProblemInWords } from './room-error';
export type * from './room-link';
export type * from './room-state';
