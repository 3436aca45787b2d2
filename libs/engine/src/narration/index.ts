export { Narration } from './narration';
export type * from './narration-event';
export type * from './narration-ports';
