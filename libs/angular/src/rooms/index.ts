/**
 * Rooms: services over a stay in one, and their components. An entry of its own, so that only the page that shows rooms loads them; the media
 * library is loaded on joining.
 */
export { Composer } from '../ui/composer';
export { LatencyPanel } from '../ui/latency-panel';
export { MicrophoneSelect } from '../ui/microphone-select';
export { NoticeList } from '../ui/notice-list';
export { TranscriptList } from '../ui/transcript-list';
export { MicrophoneTrial } from './microphone-trial';
export { provideRooms } from './provide-rooms';
export { RoomSession } from './room-session';
export { roomsOffer } from './rooms-offer';
export { type RoomsSettings } from './rooms-settings';
export { AssistantPresence } from './ui/assistant-presence';
export { MemberGrid } from './ui/member-grid';
export { NetworkLegsPanel } from './ui/network-legs-panel';
export { type RoomControl, RoomControls } from './ui/room-controls';
export { type LobbyChoice, RoomLobby } from './ui/room-lobby';
export { rememberName, rememberedName } from './visitor-memory';
