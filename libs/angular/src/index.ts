/**
 * Angular over the browser client: services with signals, and components with their own styles. What a page needs before a conversation is
 * shown is in `@parley/angular/server`.
 */
export { AssistantSession, type SessionPhase, provideAssistant } from './session/assistant-session';
export { MicrophoneService } from './session/microphone-service';
export { PlaybackService } from './session/playback-service';
export { Composer } from './ui/composer';
export { EngineChoice } from './ui/engine-choice';
export { LatencyPanel } from './ui/latency-panel';
export { LevelMeter } from './ui/level-meter';
export { MicrophoneSelect } from './ui/microphone-select';
export { NoticeList } from './ui/notice-list';
export { ProviderPanel } from './ui/provider-panel';
export { type BadgeActivity, StateBadge } from './ui/state-badge';
export { TranscriptList } from './ui/transcript-list';
