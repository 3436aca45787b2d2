import { type DisconnectReason, type RemoteParticipant, Room, RoomEvent } from '@livekit/rtc-node';
import type { EndReason } from '@parley/conversation';
import { describeError } from '@parley/engine';
import type { RoomClientMessage } from '@parley/protocol';
import type { Attendee, RoomEnd } from '../worker/attendee';
import { Microphones } from './audio/microphones';
import { RoomVoice } from './audio/room-voice';
import { parseJobMetadata } from './job-metadata';
import { OrderedSends } from './messages/ordered-sends';
import { openRoomEvents } from './messages/open-room-events';
import type { RoomEvents } from './messages/room-events';
import { RoomInbox } from './messages/room-inbox';
import { connectRoom, disconnectRoom, endReasonOf, peopleIn } from './room-connection';
import { RoomConversation } from './room-conversation';
import { RoundTrip, roundTripOf } from './round-trip';
import type { RoomParticipantOptions } from './room-participant-options';

const EMPTY_AFTER_MS = 15_000;
/** How long the last messages may take when the assistant leaves. */
const FAREWELL_MS = 500;

/** What exists once the room was joined. */
interface Stay {
  voice: RoomVoice;
  microphones: Microphones;
  inbox: RoomInbox;
  conversation: RoomConversation;
  events: RoomEvents;
  roundTrip: RoundTrip;
}

/** The assistant in one room of the media server: everything between the room and the engine of its conversation. */
export class RoomParticipant implements Attendee {
  private readonly room = new Room();
  private readonly sends: OrderedSends;
  private readonly attributeSends: OrderedSends;
  private stay: Partial<Stay> = {};
  private emptyTimer: NodeJS.Timeout | undefined;
  private leaving: Promise<void> | undefined;
  private hasJoined = false;
  /** Set by what ends the stay while the room is still being joined. */
  private endedEarly: RoomEnd | undefined;

  private constructor(private readonly options: RoomParticipantOptions) {
    this.sends = new OrderedSends(options.logger);
    this.attributeSends = new OrderedSends(options.logger);
  }

  /** Resolves when the assistant is in the room and listens. If it rejects, everything is released and `onEnded` is not called. */
  static async join(options: RoomParticipantOptions): Promise<RoomParticipant> {
    const participant = new RoomParticipant(options);
    try {
      await participant.enter();
    } catch (error) {
      await participant.release('error');
      throw error;
    }
    participant.hasJoined = true;
    if (participant.endedEarly !== undefined) void participant.leave(participant.endedEarly);
    return participant;
  }

  get identity(): string {
    return this.options.job.identity;
  }

  /** While it is on, nothing is audible and nothing is said, heard or told. */
  silence(on: boolean): void {
    if (this.leaving === undefined) this.stay.conversation?.silence(on);
  }

  /** Resolves when everything is released. `onEnded` has been called by then. The first reason counts. Never rejects. */
  leave(reason: RoomEnd): Promise<void> {
    this.leaving ??= this.finish(reason);
    return this.leaving;
  }

  private async enter(): Promise<void> {
    const { job, engines, memory, onMemory, logger, toMessage, microphoneFrameMs: frameMs } = this.options;
    const metadata = parseJobMetadata(job.metadata);
    const engine = engines[metadata.engine];
    if (engine === undefined) throw new Error(`there is no engine "${metadata.engine}"`);
    const { room, stay } = this;
    const now = (): number => performance.now();
    this.watchRoom();
    stay.microphones = new Microphones({ room, frameMs, logger, onQuiet: (identity) => this.stay.conversation?.forget(identity) });
    const { microphones } = stay;
    const local = await connectRoom(room, job.url, job.token);
    stay.voice = await RoomVoice.publish(local);
    const { voice } = stay;
    const conversation = new RoomConversation({
      ...{ conversationId: job.jobId, engine, metadata, memory, onMemory, logger, now },
      sink: voice,
      takeFrames: () => microphones.take(now()),
      people: () => peopleIn(room),
      onEnded: (reason) => this.end(reason === 'error' ? 'failed' : 'ended'),
    });
    stay.conversation = conversation;
    stay.inbox = new RoomInbox({ room, now, logger, onMessage: (message, identity) => this.take(message, identity) });
    const events = openRoomEvents({
      ...{ channel: local, job, toMessage, sends: this.sends, attributeSends: this.attributeSends },
      ...{ voice, microphones, conversation },
    });
    stay.events = events;
    events.setState('initializing');
    stay.roundTrip = new RoundTrip({ measure: () => roundTripOf(room), report: (ms) => events.setRoundTrip(ms), logger });
    stay.roundTrip.start();
    microphones.subscribeAll();
    await conversation.open(events);
    this.watchPeople();
    // A vendor's agent greets by itself.
    if (metadata.engine === 'pipeline') void this.speakFirst(voice, conversation);
  }

  /** Says what was spoken beforehand, as soon as somebody can hear it. */
  private async speakFirst(voice: RoomVoice, conversation: RoomConversation): Promise<void> {
    const { openingLine, memory, logger } = this.options;
    try {
      const line = await openingLine?.(memory === undefined ? 'greeting' : 'resumption');
      if (line === undefined) return;
      await voice.isReceived;
      conversation.sayFirst(line);
    } catch (error) {
      logger.warn('what the assistant says first could not be said', { error: describeError(error) });
    }
  }

  private watchRoom(): void {
    const { room, options } = this;
    room.on(RoomEvent.ParticipantConnected, () => this.watchPeople());
    room.on(RoomEvent.ParticipantDisconnected, ({ identity }: RemoteParticipant) => {
      this.stay.conversation?.forget(identity);
      this.watchPeople();
    });
    room.on(RoomEvent.Reconnecting, () => this.contain(() => options.onReconnecting()));
    room.on(RoomEvent.Reconnected, () => {
      this.stay.microphones?.subscribeAll();
      this.stay.events?.tellStateAgain();
      this.stay.roundTrip?.reportAgain();
      this.watchPeople();
      this.contain(() => options.onReconnected());
    });
    room.on(RoomEvent.Disconnected, (reason: DisconnectReason) => this.end(endReasonOf(reason)));
  }

  /** A room without people ends the stay after some time: somebody may only have reloaded the page. */
  private watchPeople(): void {
    const isEmpty = peopleIn(this.room).size === 0;
    if (!isEmpty || this.leaving) {
      clearTimeout(this.emptyTimer);
      this.emptyTimer = undefined;
      return;
    }
    this.emptyTimer ??= setTimeout(() => this.end('empty'), this.options.emptyAfterMs ?? EMPTY_AFTER_MS);
  }

  private take(message: RoomClientMessage, identity: string): void {
    if (message.type === 'end_conversation') this.end('ended');
    else this.stay.conversation?.take(message, identity);
  }

  private end(reason: RoomEnd): void {
    if (this.hasJoined) void this.leave(reason);
    else this.endedEarly ??= reason;
  }

  private async finish(reason: RoomEnd): Promise<void> {
    await this.release(reason === 'shutdown' ? 'server_shutdown' : reason === 'failed' ? 'error' : 'client');
    this.contain(() => this.options.onEnded(reason));
  }

  /** What the worker's callbacks throw must not reach the media server's client. */
  private contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.options.logger.error('unexpected failure', { error: describeError(error) });
    }
  }

  /** Releases whatever there is, in an order in which nothing is audible after the first step. Never rejects. */
  private async release(reason: EndReason): Promise<void> {
    clearTimeout(this.emptyTimer);
    this.emptyTimer = undefined;
    const { conversation, inbox, microphones, roundTrip, voice } = this.stay;
    this.stay = {};
    roundTrip?.stop();
    inbox?.close();
    conversation?.close(reason);
    await Promise.all([this.sends.close(FAREWELL_MS), this.attributeSends.close(FAREWELL_MS)]);
    const left = await Promise.allSettled([microphones?.close(), disconnectRoom(this.room)]);
    const released = await Promise.allSettled([conversation?.release() ?? voice?.close()]);
    for (const step of [...left, ...released]) {
      if (step.status === 'rejected')
        this.options.logger.warn('a room was not left in the orderly way', { error: describeError(step.reason) });
    }
  }
}
