/**
 * Speaks text while it is being written, and keeps what was spoken as a WAV file. Each line is spoken as soon as it is complete:
 *
 *     node tools/run-ts.mjs docs/examples/narrate-while-typing.ts http://127.0.0.1:3000 spoken.wav
 *
 * Ctrl-D ends the text; `< text.txt` takes it from a file.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { encodeWav, pcm16FromBytes } from '@parley/audio';
import { decodeSpeechFrame, type NarrationClientMessage, type NarrationServerMessage, WS_NARRATION_PATH } from '@parley/protocol';

const [origin = 'http://127.0.0.1:3000', file = 'spoken.wav'] = process.argv.slice(2);
/** The server stays at most 10 s ahead of what was heard. A file takes audio at once, so it says so in time. */
const REPORT_EVERY_MS = 2_000;

const socket = new WebSocket(origin.replace('http', 'ws') + WS_NARRATION_PATH);
socket.binaryType = 'arraybuffer';
const closed = once(socket, 'close');
const send = (message: NarrationClientMessage): void => socket.send(JSON.stringify(message));

const spoken: Uint8Array[] = [];
let sampleRateHz = 24_000;
let segmentMs = 0;
let reportedMs = 0;
let end = 'the connection was lost';

socket.addEventListener('message', ({ data }: { data: string | ArrayBuffer }) => {
  if (typeof data === 'string') hear(JSON.parse(data) as NarrationServerMessage);
  else keep(new Uint8Array(data));
});

function hear(message: NarrationServerMessage): void {
  if (message.type === 'narration_started') sampleRateHz = message.output_audio.sample_rate;
  if (message.type === 'error') process.stderr.write(`${message.message}\n`);
  if (message.type === 'narration_completed') end = message.reason;
}

function keep(bytes: Uint8Array): void {
  const frame = decodeSpeechFrame(bytes);
  if (!frame) return;
  if (frame.seq === 0) segmentMs = reportedMs = 0;
  spoken.push(frame.pcm);
  segmentMs += (frame.pcm.length / 2 / sampleRateHz) * 1_000;
  if (segmentMs < reportedMs + REPORT_EVERY_MS) return;
  reportedMs = segmentMs;
  send({ type: 'playback', turn: frame.turn, event: 'progress', played_ms: Math.round(segmentMs) });
}

await Promise.race([once(socket, 'open'), closed]);
send({ type: 'start_narration', latency: 'speed' });
for await (const line of createInterface({ input: process.stdin })) {
  send({ type: 'text', text: `${line}\n` });
  send({ type: 'flush' });
}
send({ type: 'end_text' });
await closed;
await writeFile(file, encodeWav(pcm16FromBytes(Buffer.concat(spoken)), sampleRateHz));
if (end !== 'completed') {
  process.stderr.write(`The narration ended early: ${end}.\n`);
  process.exitCode = 1;
}
