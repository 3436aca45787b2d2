import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type LocalParticipant,
  type LocalTrackPublication,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/engine';
import type { SpeechSink } from './room-audio-output';

/** Enough for a process that is busy for a moment. Speech that is stopped does not wait for it: the queue is emptied then. */
const QUEUE_MS = 200;

/** The assistant's voice: a track in the room. */
export class RoomVoice implements SpeechSink {
  private constructor(
    private readonly source: AudioSource,
    private readonly track: LocalAudioTrack,
    private readonly publication: Pick<LocalTrackPublication, 'sid' | 'waitForSubscription'>,
  ) {}

  /** Publishes the track. Rejects if the room does not take it; nothing is left of it then. */
  static async publish(local: LocalParticipant): Promise<RoomVoice> {
    const source = new AudioSource(OUTPUT_SAMPLE_RATE_HZ, 1, QUEUE_MS);
    const track = LocalAudioTrack.createAudioTrack('assistant', source);
    try {
      // Pauses between sentences are silence as well; without packets in them the next word would begin late.
      const publication = await local.publishTrack(
        track,
        new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false, red: true }),
      );
      return new RoomVoice(source, track, publication);
    } catch (error) {
      await track.close();
      throw error;
    }
  }

  /** The track's id in the room. It changes when the connection has to be made anew. */
  get trackSid(): string | undefined {
    return this.publication.sid;
  }

  /** Resolves when somebody receives it. Never, if nobody comes. */
  get isReceived(): Promise<void> {
    return this.publication.waitForSubscription();
  }

  get queuedMs(): number {
    return this.source.queuedDuration;
  }

  capture(pcm: Int16Array): Promise<void> {
    return this.source.captureFrame(new AudioFrame(pcm, OUTPUT_SAMPLE_RATE_HZ, 1, pcm.length));
  }

  clear(): void {
    this.source.clearQueue();
  }

  async close(): Promise<void> {
    await this.track.close();
  }
}
