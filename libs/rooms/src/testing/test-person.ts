import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  type LocalParticipant,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { ROOM_TOPIC, type RoomClientMessage } from '@parley/protocol';
import { Microphone } from '@parley/testing/client';
import { HeardVoice } from './heard-voice';
import { RoomInbox } from './room-inbox';

export interface TestPersonOptions {
  /** Address of the media server. */
  readonly url: string;
  readonly token: string;
  /** Whether to come with a microphone, which is open from the start. Left out: yes. */
  readonly microphone?: boolean;
}

const MICROPHONE_HZ = 16_000;
const SPEAKER_HZ = 24_000;
const CHAT_TOPIC = 'lk.chat';

/**
 * Somebody in a room, through LiveKit's own client for Node: speaks recordings in real time, and keeps what the others say, write and are.
 * The caller must make it leave, and call `endTestPeople` when no more come.
 */
export class TestPerson {
  /** By identity of who spoke. */
  readonly voices = new Map<string, HeardVoice>();
  readonly inbox: RoomInbox;
  private readonly source = new AudioSource(MICROPHONE_HZ, 1);
  private readonly microphone = new Microphone((frame) => this.capture(frame));
  private readonly readers = new Set<ReadableStreamDefaultReader<AudioFrame>>();
  private hasLeft = false;

  private constructor(readonly room: Room) {
    this.inbox = new RoomInbox(room);
    room.on(RoomEvent.TrackSubscribed, (track, _, { identity }) => {
      // Also comes for a person who is leaving, whose tracks are gone then.
      if (track.kind === TrackKind.KIND_AUDIO && !this.hasLeft) void this.listen(track, identity);
    });
  }

  /** Resolves when it is in the room and others can hear it. Rejects when the server refuses it. */
  static async join({ url, token, microphone = true }: TestPersonOptions): Promise<TestPerson> {
    const person = new TestPerson(new Room());
    try {
      await person.room.connect(url, token, { autoSubscribe: true, dynacast: false });
      if (microphone) await person.openMicrophone();
      return person;
    } catch (error) {
      await person.leave();
      throw error;
    }
  }

  get identity(): string {
    return this.local.identity;
  }

  /** Who is in the room besides this person. */
  get others(): string[] {
    return [...this.room.remoteParticipants.keys()];
  }

  /**
   * Speaks in real time (16 kHz mono), with the noise of a quiet room before and after it. Resolves when all has been said, with the moment
   * (`performance.now()`) of its first sample.
   */
  say(pcm: Int16Array): Promise<number> {
    return this.microphone.say(pcm);
  }

  /** The voice of that participant; of the room's assistant where no identity is given. Undefined until something arrived. */
  voice(identity = [...this.voices.keys()].findLast((name) => name.startsWith('agent-'))): HeardVoice | undefined {
    return identity === undefined ? undefined : this.voices.get(identity);
  }

  /** Writes to everybody, as LiveKit's own chat does. */
  async chat(text: string): Promise<void> {
    await this.local.sendText(text, { topic: CHAT_TOPIC });
  }

  /** Sends a message to the assistant, as the page does. */
  async send(message: RoomClientMessage): Promise<void> {
    await this.local.publishData(new TextEncoder().encode(JSON.stringify(message)), { reliable: true, topic: ROOM_TOPIC });
  }

  async leave(): Promise<void> {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.microphone.close();
    for (const reader of this.readers) await reader.cancel();
    await this.room.disconnect();
    await this.source.close();
  }

  private get local(): LocalParticipant {
    if (!this.room.localParticipant) throw new Error('this person is in no room');
    return this.room.localParticipant;
  }

  private async openMicrophone(): Promise<void> {
    const track = LocalAudioTrack.createAudioTrack('microphone', this.source);
    await this.local.publishTrack(track, new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false }));
    this.microphone.open();
  }

  private capture(bytes: Uint8Array): void {
    const samples = new Int16Array(bytes.slice().buffer);
    // Frames that come after the end are of no use to anybody.
    this.source.captureFrame(new AudioFrame(samples, MICROPHONE_HZ, 1, samples.length)).catch(() => undefined);
  }

  private async listen(track: RemoteTrack, identity: string): Promise<void> {
    const voice = this.voices.get(identity) ?? new HeardVoice(identity);
    voice.subscribedAtMs = performance.now();
    // Last in the order, also if the participant was there before.
    this.voices.delete(identity);
    this.voices.set(identity, voice);
    const reader = new AudioStream(track, { sampleRate: SPEAKER_HZ, numChannels: 1, frameSizeMs: 10 }).getReader();
    this.readers.add(reader);
    for (let read = await reader.read(); !read.done; read = await reader.read()) voice.add(read.value.data.slice());
    this.readers.delete(reader);
  }
}
