export { type AssistantSettings } from './assistant-settings';
export { BanWatch, type BanWatchOptions } from './ban-watch';
export { type ControlledParticipant } from './participant-info';
export * from './room-control-error';
export { type ControlledRoom, RoomControl, type RoomControlOptions } from './room-control';
export * from './room-admission';
export { type RoomIngressAddress } from './room-ingresses';
export { TOKEN_TTL_S } from './room-tokens';
export * from './room-webhooks';
