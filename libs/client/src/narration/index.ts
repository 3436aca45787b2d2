/** Narrations in a browser: text that is spoken as it is written, and episodes that are made, played and downloaded. */
export { ArrivingSound } from './arriving-sound';
export * from './captions';
export * from './episode-api';
export { EpisodeEvents } from './episode-events';
export { LiveNarration } from './live-narration';
export { type NarrationClosure } from './narration-link';
export { Peaks } from './peaks';
export { type PlayerState, SoundPlayer } from './sound-player';
export { countUpTo, type TextRange } from './spoken-text';
export { TypedText } from './typed-text';
