/** The browser client, without a framework: the link to the server, microphone, playback, and the live conversation that joins them. */
export { AudioModules, type WorkletUrls } from './audio/audio-modules';
export { type SoundProblem } from './audio/audio-rig';
export { SILENCE_DBFS } from './audio/mic-capture';
export * from './audio/microphones';
export { type FirstSound } from './conversation/first-sound-clock';
export { heardLength } from './conversation/heard-length';
export { LiveConversation, type LiveConversationHandlers } from './conversation/live-conversation';
export { RESUME_TIMEOUT_MS } from './audio/sound-switch';
export { BACKLOG_FRAMES } from './link/conversation-link';
export { type LinkClosure, type RetryCause } from './link/link-closure';
export { RETRY_DELAYS_MS } from './link/retries';
