import type { ConversationEvent } from '@parley/engine';
import { RecordingLogger } from '@parley/engine/testing';
import { until } from '../../testing/until';
import { OrderedSends } from './ordered-sends';
import type { RoomChannel, TextStreamOptions, TrackTranscription } from './room-channel';
import { RoomEvents } from './room-events';
import { Transcripts } from './transcripts';

interface Stream {
  options: TextStreamOptions;
  text: string;
  isClosed: boolean;
}

/** A room that keeps what was sent to it. */
class FakeChannel implements RoomChannel {
  readonly streams: Stream[] = [];
  readonly messages: unknown[] = [];
  readonly attributes: Record<string, string>[] = [];
  readonly transcriptions: TrackTranscription[] = [];
  /** Everything that is sent waits for this. */
  ready: Promise<void> = Promise.resolve();

  async publishData(data: Uint8Array): Promise<void> {
    await this.ready;
    this.messages.push(JSON.parse(new TextDecoder().decode(data)));
  }

  async streamText(options: TextStreamOptions) {
    await this.ready;
    const stream: Stream = { options, text: '', isClosed: false };
    this.streams.push(stream);
    return {
      write: (text: string) => Promise.resolve(void (stream.text += text)),
      close: () => Promise.resolve(void (stream.isClosed = true)),
    };
  }

  async publishTranscription(transcription: TrackTranscription): Promise<void> {
    await this.ready;
    this.transcriptions.push(transcription);
  }

  async setAttributes(attributes: Record<string, string>): Promise<void> {
    await this.ready;
    this.attributes.push(attributes);
  }
}

describe('what a room is told', () => {
  const given = () => {
    const channel = new FakeChannel();
    const logger = new RecordingLogger();
    const [sends, attributeSends] = [new OrderedSends(logger), new OrderedSends(logger)];
    const transcripts = new Transcripts({
      ...{ channel, sends, segmentPrefix: 'J1', assistantIdentity: 'agent-J1' },
      voiceTrackSid: () => 'TR_voice',
    });
    const events = new RoomEvents({
      ...{ channel, sends, attributeSends, transcripts },
      toMessage: (event) =>
        event.type === 'transcript' ? { type: 'transcript', turn: event.turn, text: event.text, is_final: event.isFinal } : undefined,
      authorOf: (turn) => (turn === 1 ? { identity: 'asha', trackSid: 'TR_mic' } : undefined),
    });
    const tell = async (...told: ConversationEvent[]) => {
      for (const event of told) events.tell(event);
      await until(() => sends.waiting === 0 && attributeSends.waiting === 0, 'everything is sent');
    };
    const segments = () =>
      channel.streams.map(({ options: { attributes, senderIdentity }, text, isClosed }) => [
        attributes['lk.segment_id'],
        attributes['lk.transcription_final'],
        attributes['lk.transcribed_track_id'],
        senderIdentity,
        text,
        isClosed,
      ]);
    return { channel, events, tell, segments, sends };
  };

  it('gets each version of what a person says as a stream of its own, in that person’s name', async () => {
    const { tell, segments, channel } = given();
    await tell(
      { type: 'transcript', turn: 1, text: 'what', isFinal: false },
      { type: 'transcript', turn: 1, text: 'what time', isFinal: true },
    );
    expect(segments()).toEqual([
      ['J1-user-1', 'false', 'TR_mic', 'asha', 'what', true],
      ['J1-user-1', 'true', 'TR_mic', 'asha', 'what time', true],
    ]);
    expect(channel.messages.at(-1)).toEqual({ type: 'transcript', turn: 1, text: 'what time', is_final: true, identity: 'asha' });
  });

  it('gets the words of a reply while they are written, and all of them at last', async () => {
    const { tell, segments } = given();
    await tell(
      { type: 'reply_text', turn: 1, text: 'It is ' },
      { type: 'reply_text', turn: 1, text: 'noon.' },
      { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon.' } },
    );
    expect(segments()).toEqual([
      ['J1-assistant-1', 'false', 'TR_voice', undefined, 'It is noon.', true],
      ['J1-assistant-1', 'true', 'TR_voice', undefined, 'It is noon.', true],
    ]);
  });

  it('gets only what was heard of a reply that was stopped, whether its text was complete or not', async () => {
    const { tell, segments } = given();
    await tell(
      { type: 'reply_text', turn: 1, text: 'It is noon in Delhi.', final: { fullText: 'It is noon in Delhi.' } },
      { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon in Delhi.', heardText: 'It is' } },
      { type: 'interrupted', turn: 1, reason: 'speech' },
      { type: 'reply_text', turn: 2, text: 'Well, ' },
      { type: 'interrupted', turn: 2, reason: 'speech' },
      { type: 'turn_measured', turn: 2, marks: {}, speculative: false, heardText: 'Well' },
    );
    expect(
      segments()
        .filter(([, isFinal]) => isFinal === 'true')
        .map(([id, , , , text]) => [id, text]),
    ).toEqual([
      ['J1-assistant-1', 'It is noon in Delhi.'],
      ['J1-assistant-1', 'It is'],
      ['J1-assistant-2', 'Well, '],
      ['J1-assistant-2', 'Well'],
    ]);
    expect(segments().every(([, , , , , isClosed]) => isClosed)).toBe(true);
  });

  it('gets the same words as transcriptions of the tracks, under the same ids', async () => {
    const { tell, channel } = given();
    await tell(
      { type: 'transcript', turn: 1, text: 'what time', isFinal: true },
      { type: 'reply_text', turn: 1, text: 'It is ' },
      { type: 'reply_text', turn: 1, text: 'noon.' },
      { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon.' } },
    );
    const told = channel.transcriptions.map(({ participantIdentity, trackSid, segments: [{ id, text, final }] }) => [
      participantIdentity,
      trackSid,
      id,
      text,
      final,
    ]);
    expect(told).toEqual([
      ['asha', 'TR_mic', 'J1-user-1', 'what time', true],
      ['agent-J1', 'TR_voice', 'J1-assistant-1', 'It is ', false],
      ['agent-J1', 'TR_voice', 'J1-assistant-1', 'It is noon.', false],
      ['agent-J1', 'TR_voice', 'J1-assistant-1', 'It is noon.', true],
    ]);
  });

  it('gets no transcription of a track for words that were written', async () => {
    const { tell, channel, segments } = given();
    await tell({ type: 'transcript', turn: 2, text: 'what time', isFinal: true });
    expect(segments()).toHaveLength(1);
    expect(channel.transcriptions).toEqual([]);
  });

  it('is not told states that are over by the time they could be told', async () => {
    const { tell, channel, events } = given();
    let open = (): void => undefined;
    channel.ready = new Promise((resolve) => (open = resolve));
    events.setState('initializing');
    const told = tell(
      { type: 'state_changed', phase: 'USER_SPEAKING', turn: 1 },
      { type: 'state_changed', phase: 'AI_PROCESSING', turn: 1 },
      { type: 'state_changed', phase: 'AI_SPEAKING', turn: 1 },
    );
    open();
    await told;
    expect(channel.attributes.at(-1)).toEqual({ 'lk.agent.state': 'speaking' });
    expect(channel.attributes.length).toBeLessThanOrEqual(2);
  });

  it('is told nothing while the assistant is silent, and its state afterwards', async () => {
    const { tell, channel, events, segments } = given();
    events.silence(true);
    await tell({ type: 'transcript', turn: 1, text: 'hello', isFinal: true }, { type: 'state_changed', phase: 'AI_PROCESSING', turn: 1 });
    expect([segments(), channel.messages, channel.attributes]).toEqual([[], [], []]);
    events.silence(false);
    await tell();
    expect(channel.attributes).toEqual([{ 'lk.agent.state': 'thinking' }]);
  });

  it('gets what follows a message that could not be sent', async () => {
    const { tell, channel, segments } = given();
    const { streamText } = channel;
    channel.streamText = () => Promise.reject(new Error('not connected'));
    await tell({ type: 'transcript', turn: 1, text: 'lost', isFinal: true });
    channel.streamText = streamText;
    await tell({ type: 'transcript', turn: 1, text: 'there', isFinal: true });
    expect(segments().map(([, , , , text]) => text)).toEqual(['there']);
  });
});
