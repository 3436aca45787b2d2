import {
  type AudioCaptureOptions,
  ConnectionError,
  ConnectionErrorReason,
  DisconnectReason,
  type LocalTrack,
  LogLevel,
  type RemoteTrack,
  Room,
  RoomEvent,
  type TextStreamReader,
  Track,
  isBrowserSupported,
  setLogLevel,
} from 'livekit-client';
import { LivekitLegs } from './livekit-legs';
import { LivekitMembers } from './livekit-members';
import { CHAT_TOPIC } from './room-chat';
import { OwnTracks } from './own-tracks';
import { RoomError } from './room-error';
import type { LinkEnd, NetworkLegs, RoomLink, RoomLinkHandlers, RoomMember } from './room-link';

/** No text of a room is longer; the rest of a longer one is not read. */
const MAX_STREAM_CHARACTERS = 20_000;

/** What changes who is in the room, or what they do. */
const MEMBER_EVENTS = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
] as const;

/** A room of a LiveKit server. The only part of this library that loads `livekit-client`. */
export class LivekitLink implements RoomLink {
  private readonly room = new Room({ adaptiveStream: true, dynacast: true, stopLocalTrackOnUnpublish: true });
  private readonly people = new LivekitMembers(this.room);
  private readonly legs = new LivekitLegs(this.room);
  private readonly own = new OwnTracks();
  private connected = false;
  private closed = false;

  constructor(private readonly handlers: RoomLinkHandlers) {
    setLogLevel(LogLevel.silent);
    const { room } = this;
    for (const event of MEMBER_EVENTS) room.on(event, () => this.report(() => handlers.onMembers()));
    room.on(RoomEvent.SignalReconnecting, () => this.report(() => handlers.onInterrupted(true)));
    room.on(RoomEvent.Reconnecting, () => this.report(() => handlers.onInterrupted(true)));
    room.on(RoomEvent.Reconnected, () => this.report(() => handlers.onInterrupted(false)));
    room.on(RoomEvent.AudioPlaybackStatusChanged, () => this.report(() => handlers.onSound(room.canPlaybackAudio)));
    room.on(RoomEvent.TrackSubscribed, (track) => playAudio(track));
    room.on(RoomEvent.TrackUnsubscribed, (track) => stopAudio(track));
    room.on(RoomEvent.DataReceived, (bytes, participant, _kind, topic) => {
      if (participant && topic !== undefined) this.report(() => handlers.onData(topic, bytes, participant.identity));
    });
    room.on(RoomEvent.Disconnected, (reason) => this.disconnected(reason));
    room.registerTextStreamHandler(CHAT_TOPIC, (reader, { identity }) => void this.read(reader, identity));
  }

  async connect(url: string, token: string): Promise<void> {
    if (!isBrowserSupported()) throw new RoomError('unsupported');
    try {
      await this.room.connect(url, token);
      this.connected = true;
    } catch (error) {
      const isRefused = error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed;
      throw new RoomError(isRefused ? 'token_refused' : 'media_unreachable');
    }
  }

  members(): readonly RoomMember[] {
    return this.connected ? this.people.list() : [];
  }

  async setMicrophone(on: boolean, deviceId: string): Promise<void> {
    const capture: AudioCaptureOptions = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    const audio = deviceId === '' ? capture : { ...capture, deviceId };
    const me = this.room.localParticipant;
    if (on && !me.getTrackPublication(Track.Source.Microphone)) await this.publish(() => me.createTracks({ audio }));
    else await me.setMicrophoneEnabled(on, audio);
  }

  async changeMicrophone(deviceId: string): Promise<void> {
    await this.room.switchActiveDevice('audioinput', deviceId === '' ? 'default' : deviceId);
  }

  async setCamera(on: boolean): Promise<void> {
    const me = this.room.localParticipant;
    if (on && !me.getTrackPublication(Track.Source.Camera)) await this.publish(() => me.createTracks({ video: true }));
    else await me.setCameraEnabled(on);
  }

  async setScreen(on: boolean): Promise<void> {
    const me = this.room.localParticipant;
    if (on && !me.getTrackPublication(Track.Source.ScreenShare)) await this.publish(() => me.createScreenTracks());
    else await me.setScreenShareEnabled(on);
  }

  async sendText(topic: string, text: string): Promise<void> {
    await this.room.localParticipant.sendText(text, { topic });
  }

  async sendData(topic: string, bytes: Uint8Array): Promise<void> {
    await this.room.localParticipant.publishData(new Uint8Array(bytes), { reliable: true, topic });
  }

  startAudio(): Promise<void> {
    return this.room.startAudio();
  }

  measureLegs(): Promise<NetworkLegs> {
    return this.legs.measure();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.own.close();
    await this.room.disconnect(true).catch(() => undefined);
    this.room.unregisterTextStreamHandler(CHAT_TOPIC);
    this.room.removeAllListeners();
  }

  private publish(create: () => Promise<LocalTrack[]>): Promise<void> {
    return this.own.publish(create, (track) => this.room.localParticipant.publishTrack(track));
  }

  private report(what: () => void): void {
    if (!this.closed) what();
  }

  private async read(reader: TextStreamReader, identity: string): Promise<void> {
    let text = '';
    try {
      for await (const piece of reader) {
        text += piece;
        if (text.length > MAX_STREAM_CHARACTERS) break;
      }
    } catch {
      // Its sender has gone in the middle of it.
      return;
    }
    this.report(() => this.handlers.onText(CHAT_TOPIC, text, identity));
  }

  private disconnected(reason: DisconnectReason | undefined): void {
    // A connection that never was is reported by `connect`.
    if (!this.connected) return;
    const end = endOf(reason);
    this.report(() => this.handlers.onEnded(end));
  }
}

function playAudio(track: RemoteTrack): void {
  if (track.kind === Track.Kind.Audio) track.attach();
}

function stopAudio(track: RemoteTrack): void {
  if (track.kind === Track.Kind.Audio) track.detach();
}

function endOf(reason: DisconnectReason | undefined): LinkEnd {
  switch (reason) {
    case DisconnectReason.PARTICIPANT_REMOVED:
      return 'removed';
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return 'room_ended';
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'replaced';
    default:
      return 'lost';
  }
}
