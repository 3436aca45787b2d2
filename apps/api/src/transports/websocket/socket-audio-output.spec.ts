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

  it('tells the client to lower the voice, to stand still and to go on', () => {
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

  it('sends nothing for a turn that is cleared: the interruption that follows says it', () => {
    const output = outputFor();
    output.clear(1);
    expect([messages, frames]).toEqual([[], []]);
  });

  it('lets ten seconds be ahead of a listener, who can stand still', () => {
    expect(outputFor()).toMatchObject({ maxLeadMs: 10_000, canPause: true });
  });
});
