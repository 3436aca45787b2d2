import type { AudioOutput } from '@parley/engine';
import { decodeSpeechFrame, type ServerMessage } from '@parley/protocol';
import { SocketAudioOutput } from './socket-audio-output';

describe('SocketAudioOutput', () => {
  let messages: ServerMessage[];
  let frames: Uint8Array[];
  let cutTurn: number | undefined;
  let sentBytes: number;
  const outputFor = (transport?: 'json' | 'binary'): AudioOutput =>
    new SocketAudioOutput(
      {
        send: (message) => void messages.push(message),
        sendBinary: (bytes) => void frames.push(bytes),
        reader: { admits: (turn) => turn !== cutTurn, sent: (bytes) => (sentBytes += bytes) },
      },
      transport,
    );

  beforeEach(() => {
    messages = [];
    frames = [];
    cutTurn = undefined;
    sentBytes = 0;
  });

  it('tells the client to lower the volume, to pause and to resume', () => {
    const output = outputFor();
    output.duck(1, true);
    output.pause(1, true);
    output.pause(1, false);
    output.duck(1, false);
    expect(messages).toEqual([
      { type: 'duck', turn: 1, active: true },
      { type: 'pause', turn: 1, active: true },
      { type: 'pause', turn: 1, active: false },
      { type: 'duck', turn: 1, active: false },
    ]);
  });

  it('sends nothing when a turn is cleared, because the interruption message that follows covers it', () => {
    const output = outputFor();
    output.clear(1);
    expect([messages, frames]).toEqual([[], []]);
  });

  it.each(['binary', 'json'] as const)('sends nothing of a turn that was cut but its end (%s)', (transport) => {
    const output = outputFor(transport);
    const pcm = new Int16Array(240).fill(1);
    output.play({ turn: 1, seq: 0, pcm, last: false });
    cutTurn = 1;
    output.play({ turn: 1, seq: 1, pcm, last: false });
    output.play({ turn: 1, seq: 2, pcm, last: true });
    output.play({ turn: 2, seq: 0, pcm, last: false });
    const sent = frames.map((frame) => decodeSpeechFrame(frame)).map((frame) => frame && [frame.turn, frame.last, frame.pcm.byteLength]);
    const said = messages.flatMap((message) =>
      message.type === 'audio_response' ? [[message.turn, message.is_final, Buffer.from(message.data, 'base64').length]] : [],
    );
    expect(transport === 'json' ? said : sent).toEqual([
      [1, false, 480],
      [1, true, 0],
      [2, false, 480],
    ]);
    expect(sentBytes).toBe(960);
  });

  it('allows ten seconds of audio ahead of the listener, who can pause the playback', () => {
    expect(outputFor()).toMatchObject({ maxLeadMs: 10_000, canPause: true });
  });
});
