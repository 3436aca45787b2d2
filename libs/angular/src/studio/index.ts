/**
 * The narration studio: services over episodes and live narrations, and their components. An entry of its own, so that the editor and the
 * players are loaded only by the page that shows them.
 */
export { NoticeList } from '../ui/notice-list';
export { EpisodeSound } from './episode-sound';
export { LiveTyping } from './live-typing';
export { OpenEpisode } from './open-episode';
export { provideStudio } from './provide-studio';
export { StudioAudio } from './studio-audio';
export { StudioDraft } from './studio-draft';
export { StudioLibrary } from './studio-library';
export { StudioNotices } from './studio-notices';
export { StudioOffer } from './studio-offer';
export { type CheckedScript, type StudioSettings } from './studio-settings';
export { CaptionList } from './ui/caption-list';
export { type DownloadFile, DownloadMenu } from './ui/download-menu';
export { EpisodeLibrary } from './ui/episode-library';
export { LiveText } from './ui/live-text';
export { NarrationFigures } from './ui/narration-figures';
export { PlayBar, SKIP_MS } from './ui/play-bar';
export { ScriptEditor } from './ui/script-editor';
export { SegmentList } from './ui/segment-list';
export { ShowLibrary } from './ui/show-library';
export { SpeakerList } from './ui/speaker-list';
export { StudioHelp } from './ui/studio-help';
export { clockTime, grouped } from './ui/times';
export { VoicePreview } from './voice-preview';
