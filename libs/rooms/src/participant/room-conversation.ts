import type { EndReason } from '@parley/conversation';
import {
  type Conversation,
  type ConversationEvent,
  type ConversationEventOf,
  type ConversationMemory,
  describeError,
  FRAME_SAMPLES,
  type PlaybackReport,
} from '@parley/engine';
import type { RoomClientMessage } from '@parley/protocol';
import { FramePump } from './audio/frame-pump';
import { RoomAudioOutput } from './audio/room-audio-output';
import type { RoomEvents } from './messages/room-events';
import { OpeningLine, type SpokenLine } from './opening-line';
import { RoomAudience } from './people/room-audience';
import { SpeakerSelector } from './people/speaker-selector';
import { SpeakerTimeline } from './people/speaker-timeline';
import { conversationOptions, type RoomConversationOptions } from './room-conversation-options';

const SILENCE = new Int16Array(FRAME_SAMPLES);

/**
 * The conversation of a room with its assistant: gives the engine one continuous stream of everybody's voices, and says what the engine has
 * to know about people. Where a conversation ends because nobody has said anything for long, another one with the same memory begins.
 */
export class RoomConversation {
  private readonly timeline = new SpeakerTimeline();
  private readonly selector = new SpeakerSelector();
  private readonly audience: RoomAudience;
  private readonly output: RoomAudioOutput;
  private readonly opening: OpeningLine;
  private readonly frames: FramePump;
  private conversation: Conversation | undefined;
  private memory: ConversationMemory | undefined;
  private events: RoomEvents | undefined;
  private begun = 0;
  private isSilent = false;
  private isClosed = false;
  private hasFailed = false;
  /** A budget is spent. Another assistant could not go on either, and would only be paid for. */
  private isSpent = false;
  /** The turn whose answer was stopped. */
  private stoppedTurn = 0;

  constructor(private readonly options: RoomConversationOptions) {
    const { metadata, people, sink, now, logger } = options;
    const { assistantName, onlyWhenAddressed } = metadata;
    this.memory = options.memory;
    this.frames = new FramePump({ now, onFrame: () => this.pushFrame() });
    this.audience = new RoomAudience({
      assistantName,
      onlyWhenAddressed,
      people,
      timeline: this.timeline,
      holder: () => this.selector.holder,
    });
    const report = (played: PlaybackReport): void => {
      if (!this.opening.reported(played)) this.contain(() => this.conversation?.reportPlayback(played));
    };
    this.output = new RoomAudioOutput({ sink, now, report, logger });
    this.opening = new OpeningLine({
      output: this.output,
      tell: (event) => this.events?.tell(event),
      userTurn: () => (this.memory?.turn ?? 0) + 1,
    });
  }

  /** Begins to listen. Rejects if the engine cannot be opened. `events` tells the room what happens. */
  async open(events: RoomEvents): Promise<void> {
    this.events = events;
    await this.begin();
    this.frames.start();
  }

  /** Says this, unless somebody has begun to speak or to write. */
  sayFirst(line: SpokenLine): void {
    if (this.isClosed || this.isSilent) return;
    this.opening.say(line);
  }

  /** Who has said the words of this turn. */
  authorOf(turn: number): string | undefined {
    return this.audience.authorOf(turn);
  }

  /** Somebody has written to the assistant, or has pressed the stop button. */
  take(message: Exclude<RoomClientMessage, { type: 'end_conversation' }>, identity: string): void {
    const { conversation } = this;
    if (conversation === undefined || this.isSilent) return;
    this.opening.stop(message.type === 'interrupt' ? 'button' : 'text');
    if (message.type === 'text_message') this.audience.wrote(identity, message.text);
    this.contain(() => (message.type === 'interrupt' ? conversation.interrupt() : conversation.pushText(message.text)));
  }

  /** This person is not heard any more. */
  forget(identity: string): void {
    this.selector.remove(identity);
  }

  /** While it is on, nothing is audible, heard or told. */
  silence(on: boolean): void {
    if (this.isClosed || this.isSilent === on) return;
    this.isSilent = on;
    this.output.silence(on);
    this.events?.silence(on);
    // What is being said is not said to its end.
    if (on) this.opening.stop('button');
    if (on) this.contain(() => this.conversation?.interrupt());
  }

  /** Nothing is audible from here on; the engine has ended when this returns. Idempotent. */
  close(reason: EndReason): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.output.stop();
    this.frames.stop();
    this.contain(() => this.conversation?.end(reason));
    this.conversation = undefined;
  }

  /** Releases the sink, once the room was left. Once, after `close`. */
  release(): Promise<void> {
    return this.output.close();
  }

  private async begin(): Promise<void> {
    this.audience.restart();
    this.begun += 1;
    const conversation = await this.options.engine.open({
      options: conversationOptions(this.options, this.begun, this.memory),
      output: this.output,
      audience: this.audience,
      emit: (event) => this.contain(() => this.handle(event)),
    });
    // It may have ended while it was opened, or nobody may want it any more.
    if (this.isClosed) this.contain(() => conversation.end('client'));
    else this.conversation = conversation;
  }

  private handle(event: ConversationEvent): void {
    if (event.type === 'ended') return this.ended(event);
    // Whoever has said so much that it is answered has been heard over what was said first.
    if (event.type === 'state_changed' && event.phase !== 'USER_SPEAKING') this.opening.stop('speech');
    this.events?.tell(event);
    if (event.type === 'budget_spent') this.isSpent = true;
    if (event.type === 'interrupted') this.stoppedTurn = event.turn;
    const isOver = event.type === 'state_changed' && event.phase === 'USER_SPEAKING';
    if (isOver && this.stoppedTurn !== event.turn - 1) this.audience.answerHeard(event.turn - 1);
    if (isOver || (event.type === 'transcript' && event.isFinal)) this.keepMemory();
  }

  private keepMemory(): void {
    const memory = this.conversation?.memory();
    if (memory === undefined) return;
    this.memory = memory;
    this.options.onMemory(memory);
  }

  private ended(event: ConversationEventOf<'ended'>): void {
    this.keepMemory();
    this.conversation = undefined;
    // An agent is paid for by the minute, so it is not kept for people who say nothing.
    const isLimit = event.reason === 'inactivity_timeout' || event.reason === 'server_shutdown';
    if (!this.isClosed && isLimit && this.options.metadata.engine === 'pipeline' && this.options.people().size > 0) {
      this.begin().catch((error: unknown) => {
        this.options.logger.error('the conversation of a room could not go on', { error: describeError(error) });
        this.over({ type: 'ended', reason: 'error' });
      });
      return;
    }
    this.over(event);
  }

  private over(event: ConversationEventOf<'ended'>): void {
    this.events?.tell(event);
    if (!this.isClosed) this.options.onEnded(this.isSpent ? 'client' : event.reason);
  }

  private pushFrame(): 'given' | 'waits' {
    const frames = this.options.takeFrames();
    if (frames === undefined) return 'waits';
    const { pcm, speakers } = this.selector.select(frames);
    const { conversation } = this;
    if (conversation === undefined) return 'given';
    this.opening.heard(!this.isSilent && speakers.length > 0);
    this.timeline.add(this.isSilent ? [] : speakers);
    this.contain(() => conversation.pushAudio(this.isSilent ? SILENCE : pcm));
    return 'given';
  }

  /** An engine that throws has failed, which must not reach the media server's client. */
  private contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.hasFailed) return;
      this.hasFailed = true;
      this.options.logger.error('unexpected failure', { conversationId: this.options.conversationId, error: describeError(error) });
      if (!this.isClosed) this.options.onEnded('error');
    }
  }
}
