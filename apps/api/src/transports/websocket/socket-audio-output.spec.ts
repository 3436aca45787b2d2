import type { AudioOutput } from '@parley/engine';
import type { ServerMessage } from '@parley/protocol';
import { SocketAudioOutput } from './socket-audio-output';

describe('SocketAudioOutput', () => {
  let messages: ServerMessage[];
  let frames: Uint8Array[];
  const outputFor = (transport?: 'json' | 'binary'): AudioOutput =>
    new SocketAudioOutput({ send: (message) => void messages.push(message), sendBinary: (bytes) => void frames.push(bytes) }, transport);

  beforeEach(() => {
    messages = [];
    frames = [];
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

  it('allows ten seconds of audio ahead of the listener, who can pause the playback', () => {
    expect(outputFor()).toMatchObject({ maxLeadMs: 10_000, canPause: true });
  });
});
