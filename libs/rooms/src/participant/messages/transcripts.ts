import type { ConversationEventOf } from '@parley/engine';
import type { OrderedSends } from './ordered-sends';
import {
  FINAL_ATTRIBUTE,
  type RoomChannel,
  SEGMENT_ATTRIBUTE,
  type TextWriter,
  TRACK_ATTRIBUTE,
  TRANSCRIPTION_TOPIC,
} from './room-channel';

/** Who is transcribed: the microphone's track, and the participant it belongs to. */
export interface Transcribed {
  identity: string;
  trackSid: string | undefined;
}

export interface TranscriptsOptions {
  channel: RoomChannel;
  sends: OrderedSends;
  /** Distinguishes the segments of this assistant from those of others in the same room. */
  segmentPrefix: string;
  /** The track of the assistant's voice. */
  voiceTrackSid: () => string | undefined;
}

/** A partial transcript is replaced by the next one, so it is left out when the room does not keep up. */
const MANY_WAITING = 5;

interface Reply {
  turn: number;
  text: string;
  writer: Promise<TextWriter> | undefined;
}

/**
 * Sends what is said as text streams, in the form in which the media server's components show it. What people say is sent in their name: each version
 * of a turn's words is a stream of its own that replaces the one before. The assistant's words are one stream that grows, and at last one with
 * all of them; of a reply that was stopped, with those that were heard.
 */
export class Transcripts {
  private reply: Reply | undefined;

  constructor(private readonly options: TranscriptsOptions) {}

  heard({ turn, text, isFinal }: ConversationEventOf<'transcript'>, who: Transcribed | undefined): void {
    if (!isFinal && this.options.sends.waiting > MANY_WAITING) return;
    this.send(this.attributes(`user-${turn}`, isFinal, who?.trackSid), text, who?.identity);
  }

  replied({ turn, text, final }: ConversationEventOf<'reply_text'>): void {
    const reply = this.replyOf(turn);
    if (final) return this.finish(reply, final.heardText ?? final.fullText);
    if (text === '') return;
    reply.text += text;
    const attributes = this.attributes(`assistant-${turn}`, false, this.options.voiceTrackSid());
    const { channel, sends } = this.options;
    sends.add(async () => {
      reply.writer ??= channel.streamText({ topic: TRANSCRIPTION_TOPIC, attributes });
      await (await reply.writer).write(text);
    });
  }

  /** The turn's answer is over, or was stopped with only this heard of it. */
  settled(turn: number, heardText?: string): void {
    const { reply } = this;
    if (reply?.turn === turn) this.finish(reply, heardText ?? reply.text);
    else if (heardText !== undefined) this.sendWhole(turn, heardText);
  }

  private replyOf(turn: number): Reply {
    if (this.reply?.turn === turn) return this.reply;
    if (this.reply) this.finish(this.reply, this.reply.text);
    this.reply = { turn, text: '', writer: undefined };
    return this.reply;
  }

  private finish(reply: Reply, text: string): void {
    if (this.reply === reply) this.reply = undefined;
    this.options.sends.add(async () => (await reply.writer)?.close());
    this.sendWhole(reply.turn, text);
  }

  private sendWhole(turn: number, text: string): void {
    this.send(this.attributes(`assistant-${turn}`, true, this.options.voiceTrackSid()), text);
  }

  private send(attributes: Record<string, string>, text: string, senderIdentity?: string): void {
    const { channel, sends } = this.options;
    sends.add(async () => {
      const writer = await channel.streamText({ topic: TRANSCRIPTION_TOPIC, attributes, ...(senderIdentity && { senderIdentity }) });
      await writer.write(text);
      await writer.close();
    });
  }

  private attributes(segment: string, isFinal: boolean, trackSid: string | undefined): Record<string, string> {
    return {
      [SEGMENT_ATTRIBUTE]: `${this.options.segmentPrefix}-${segment}`,
      [FINAL_ATTRIBUTE]: String(isFinal),
      ...(trackSid !== undefined && { [TRACK_ATTRIBUTE]: trackSid }),
    };
  }
}
