/**
 * The upper limit for `npm run bench:capacity`: bare `ws` that ignores the audio. It answers every frame up with a frame down during
 * 40 % of the time, and heartbeats. Prints its address.
 */
import type { AddressInfo } from 'node:net';
import { encodeSpeechFrame } from '@parley/protocol';
import { WebSocketServer } from 'ws';

/** 20 ms at 24 kHz. */
const SPEECH_BYTES = 960;
/** Frames up, of ten, that are answered. */
const ANSWERED_OF_TEN = 4;

const pcm = new Uint8Array(SPEECH_BYTES);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  let frames = 0;
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      const { type } = JSON.parse(String(data)) as { type: string };
      return socket.send(JSON.stringify({ type: type === 'heartbeat' ? 'heartbeat' : 'conversation_started' }));
    }
    const seq = frames++;
    if (seq % 10 < ANSWERED_OF_TEN) socket.send(encodeSpeechFrame({ turn: 1, seq, last: false, pcm }), { binary: true });
  });
});
server.once('listening', () => process.stdout.write(`echo ws://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
process.once('SIGTERM', () => process.exit(0));
