import {
  AudioStream,
  type Participant,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  TrackKind,
  type TrackPublication,
  TrackSource,
} from '@livekit/rtc-node';
import { describeError, type EngineLogger, FRAME_MS, INPUT_SAMPLE_RATE_HZ } from '@parley/engine';
import { isPerson } from '../people/is-person';
import type { PersonFrame } from '../people/speaker-selector';
import { MicrophoneBuffer } from './microphone-buffer';

export interface MicrophonesOptions {
  room: Room;
  /** This person's microphone is gone or muted. */
  onQuiet: (identity: string) => void;
  /** Sound is taken from the media server's client in pieces of this length. Default: 20. */
  frameMs: number | undefined;
  logger: EngineLogger;
}

/** The microphone of one person, while this assistant receives it. */
class Microphone {
  readonly buffer = new MicrophoneBuffer();
  private readonly reader;

  constructor(
    readonly identity: string,
    readonly trackSid: string,
    track: RemoteTrack,
    public isMuted: boolean,
    { frameMs = FRAME_MS, logger }: Pick<MicrophonesOptions, 'frameMs' | 'logger'>,
  ) {
    const stream = new AudioStream(track, { sampleRate: INPUT_SAMPLE_RATE_HZ, numChannels: 1, frameSizeMs: frameMs });
    this.reader = stream.getReader();
    this.listen().catch((error: unknown) => logger.warn('a microphone cannot be heard any more', { error: describeError(error) }));
  }

  async close(): Promise<void> {
    await this.reader.cancel();
  }

  private async listen(): Promise<void> {
    for (let read = await this.reader.read(); !read.done; read = await this.reader.read()) {
      if (!this.isMuted) this.buffer.push(read.value.data);
    }
  }
}

/**
 * The microphones of the people in a room. Nothing else is received: not the voices of assistants, not the sound of shared screens, no video.
 */
export class Microphones {
  /** By identity: whoever has several is heard by the newest. */
  private readonly microphones = new Map<string, Microphone>();

  constructor(private readonly options: MicrophonesOptions) {
    const { room } = options;
    room.on(RoomEvent.TrackPublished, this.published);
    room.on(RoomEvent.TrackSubscribed, this.subscribed);
    room.on(RoomEvent.TrackUnsubscribed, this.unsubscribed);
    room.on(RoomEvent.TrackMuted, this.muted);
    room.on(RoomEvent.TrackUnmuted, this.unmuted);
    room.on(RoomEvent.ParticipantDisconnected, this.left);
  }

  /** Asks for the microphones that are there already, at first and after a connection was made anew. */
  subscribeAll(): void {
    for (const participant of this.options.room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) this.published(publication, participant);
    }
  }

  /** The next 20 ms of everybody who is heard. Undefined while those of somebody are late, and worth waiting for. */
  take(nowMs: number): PersonFrame[] | undefined {
    const all = [...this.microphones.values()];
    if (all.some(({ buffer, isMuted }) => !isMuted && buffer.isAwaited(nowMs))) return undefined;
    const frames: PersonFrame[] = [];
    for (const { identity, buffer, isMuted } of all) {
      const pcm = isMuted ? undefined : buffer.take();
      if (pcm) frames.push({ identity, pcm });
    }
    return frames;
  }

  trackSidOf(identity: string): string | undefined {
    return this.microphones.get(identity)?.trackSid;
  }

  async close(): Promise<void> {
    const { room } = this.options;
    room.off(RoomEvent.TrackPublished, this.published);
    room.off(RoomEvent.TrackSubscribed, this.subscribed);
    room.off(RoomEvent.TrackUnsubscribed, this.unsubscribed);
    room.off(RoomEvent.TrackMuted, this.muted);
    room.off(RoomEvent.TrackUnmuted, this.unmuted);
    room.off(RoomEvent.ParticipantDisconnected, this.left);
    const all = [...this.microphones.values()];
    this.microphones.clear();
    await Promise.all(all.map((microphone) => microphone.close()));
  }

  private readonly published = (publication: RemoteTrackPublication, participant: RemoteParticipant): void => {
    if (isMicrophone(publication, participant)) this.contain(() => publication.setSubscribed(true));
  };

  private readonly subscribed = (track: RemoteTrack, publication: RemoteTrackPublication, participant: RemoteParticipant): void => {
    const { identity } = participant;
    const { sid } = publication;
    if (!isMicrophone(publication, participant) || sid === undefined) return;
    this.drop(identity);
    // Also comes for somebody who is leaving, whose track is gone then.
    this.contain(() => {
      const microphone = new Microphone(identity, sid, track, publication.muted ?? false, this.options);
      this.microphones.set(identity, microphone);
    });
  };

  private readonly unsubscribed = (_track: RemoteTrack, { sid }: RemoteTrackPublication, { identity }: RemoteParticipant): void => {
    if (this.microphones.get(identity)?.trackSid === sid) this.drop(identity);
  };

  private readonly left = ({ identity }: RemoteParticipant): void => this.drop(identity);

  private readonly muted = (publication: TrackPublication, participant: Participant): void => this.setMuted(publication, participant, true);

  private readonly unmuted = (publication: TrackPublication, participant: Participant): void =>
    this.setMuted(publication, participant, false);

  private setMuted({ sid }: TrackPublication, { identity }: Participant, isMuted: boolean): void {
    const microphone = this.microphones.get(identity);
    if (microphone === undefined || microphone.trackSid !== sid) return;
    microphone.isMuted = isMuted;
    microphone.buffer.clear();
    if (isMuted) this.options.onQuiet(identity);
  }

  /** What fails here must not reach the media server's client, which would end the process. */
  private contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.options.logger.warn('a microphone cannot be heard', { error: describeError(error) });
    }
  }

  private drop(identity: string): void {
    const microphone = this.microphones.get(identity);
    if (microphone === undefined) return;
    this.microphones.delete(identity);
    this.options.onQuiet(identity);
    microphone.close().catch((error: unknown) => {
      this.options.logger.debug('a microphone was not closed in the orderly way', { error: describeError(error) });
    });
  }
}

const isMicrophone = ({ kind, source }: TrackPublication, participant: Participant): boolean =>
  kind === TrackKind.KIND_AUDIO && source === TrackSource.SOURCE_MICROPHONE && isPerson(participant);
