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
  /** The assistant in the room. */
  assistantIdentity: string;
  /** The track of the assistant's voice. */
  voiceTrackSid: () => string | undefined;
}

/** A partial transcript is replaced by the next one, so it is left out when the room does not keep up. */
const MANY_WAITING = 5;

/** One version of the words of a segment. */
interface Words {
  segment: string;
  isFinal: boolean;
  text: string;
  /** In whose name they are sent; undefined for the assistant's own. */
  identity?: string | undefined;
  trackSid?: string | undefined;
}

interface Reply {
  turn: number;
  text: string;
  writer: Promise<TextWriter> | undefined;
}

/**
 * Sends what is said as text streams, in the form in which the media server's components show it. What people say is sent in their name: each version
 * of a turn's words is a stream of its own that replaces the one before. The assistant's words are one stream that grows, and at last one with
 * all of them; of a reply that was stopped, with those that were heard. The same goes out as transcriptions of the tracks, which is what
 * components without text streams show.
 */
export class Transcripts {
  private reply: Reply | undefined;

  constructor(private readonly options: TranscriptsOptions) {}

  heard({ turn, text, isFinal }: ConversationEventOf<'transcript'>, who: Transcribed | undefined): void {
    if (!isFinal && this.options.sends.waiting > MANY_WAITING) return;
    this.send({ segment: `user-${turn}`, isFinal, text, ...who });
  }

  replied({ turn, text, final }: ConversationEventOf<'reply_text'>): void {
    const reply = this.replyOf(turn);
    if (final) return this.finish(reply, final.heardText ?? final.fullText);
    if (text === '') return;
    reply.text += text;
    const words = this.assistantWords(turn, false, reply.text);
    const { channel, sends } = this.options;
    const areManyWaiting = sends.waiting > MANY_WAITING;
    sends.add(async () => {
      reply.writer ??= channel.streamText({ topic: TRANSCRIPTION_TOPIC, attributes: this.attributesOf(words) });
      await (await reply.writer).write(text);
    });
    if (!areManyWaiting) this.transcribeTrack(words);
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
    this.send(this.assistantWords(turn, true, text));
  }

  private assistantWords(turn: number, isFinal: boolean, text: string): Words {
    return { segment: `assistant-${turn}`, isFinal, text, identity: undefined, trackSid: this.options.voiceTrackSid() };
  }

  private send(words: Words): void {
    const { channel, sends } = this.options;
    const { identity: senderIdentity } = words;
    const options = { topic: TRANSCRIPTION_TOPIC, attributes: this.attributesOf(words), ...(senderIdentity && { senderIdentity }) };
    sends.add(async () => {
      const writer = await channel.streamText(options);
      await writer.write(words.text);
      await writer.close();
    });
    this.transcribeTrack(words);
  }

  private transcribeTrack(words: Words): void {
    const { text, isFinal, trackSid, identity = this.options.assistantIdentity } = words;
    if (trackSid === undefined) return;
    const { channel, sends } = this.options;
    const segment = { id: this.idOf(words), text, final: isFinal, language: '', startTime: 0n, endTime: 0n };
    sends.add(() => channel.publishTranscription({ participantIdentity: identity, trackSid, segments: [segment] }));
  }

  private idOf({ segment }: Words): string {
    return `${this.options.segmentPrefix}-${segment}`;
  }

  private attributesOf(words: Words): Record<string, string> {
    const { isFinal, trackSid } = words;
    return {
      [SEGMENT_ATTRIBUTE]: this.idOf(words),
      [FINAL_ATTRIBUTE]: String(isFinal),
      ...(trackSid !== undefined && { [TRACK_ATTRIBUTE]: trackSid }),
    };
  }
}
