import { bytesFromPcm16, encodeWav } from '@parley/audio';
import type { EndReason } from '@parley/protocol';
import { ConnectedClient } from '../../testing/connected-client';
import { RecordingEngine } from '../../testing/recording-engine';
import { RecordingLogger } from '@parley/server/testing';
import { settle } from '@parley/engine/testing';
import { BEGUN, endless, SILENT_PACKET, simpleBlock, timestamp } from '../../testing/webm-bytes';
import { Id } from './input/ebml';

const FRAME_BYTES = 640;
const frame = (sample: number): Buffer => Buffer.from(bytesFromPcm16(new Int16Array(320).fill(sample)));

describe('ClientConnection: rate limits', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  it('drop excess messages, report that at most once a second, and accept messages again later', async () => {
    const client = await ConnectedClient.started();
    for (let sent = 0; sent < 200; sent++) client.socket.says({ type: 'interrupt' });
    // The start message was one of the hundred messages that are allowed at once.
    expect(client.calls).toHaveLength(99);
    expect(client.socket.errorCodes).toEqual(['rate_limited']);
    client.nowMs += 1_000;
    for (let sent = 0; sent < 40; sent++) client.socket.says({ type: 'interrupt' });
    expect(client.calls).toHaveLength(129);
    expect(client.socket.errorCodes).toEqual(['rate_limited', 'rate_limited']);
    expect(client.socket.closes).toEqual([]);
  });

  it('count invalid messages as well', async () => {
    const client = await ConnectedClient.started();
    for (let sent = 0; sent < 200; sent++) client.socket.says('nonsense');
    expect(client.socket.errorCodes.filter((code) => code === 'bad_message')).toHaveLength(99);
    expect(client.socket.errorCodes.filter((code) => code === 'rate_limited')).toHaveLength(1);
  });

  it('allow one minute of audio at once, and real time in the long run', async () => {
    const client = await ConnectedClient.started();
    const twoSeconds = Buffer.alloc(100 * FRAME_BYTES);
    for (let sent = 0; sent < 40; sent++) client.socket.sends(twoSeconds);
    expect(client.calls).toHaveLength(30);
    expect(client.socket.errorCodes).toEqual(['rate_limited']);
    client.nowMs += 10_000;
    for (let sent = 0; sent < 10; sent++) client.socket.sends(twoSeconds);
    expect(client.calls).toHaveLength(35);
  });

  it('never affect a microphone in real time, whether it sends frames or WAV chunks of any sample rate', async () => {
    const stereo = stereoWav(48_000, 1_000).toString('base64');
    for (const send of [
      ({ socket }: ConnectedClient) => {
        for (let sent = 0; sent < 50; sent++) socket.sends(frame(1));
      },
      ({ socket }: ConnectedClient) => socket.says({ type: 'audio_chunk', format: 'audio/wav', data: stereo }),
    ]) {
      const client = await ConnectedClient.started();
      for (let second = 0; second < 36; second++) {
        client.nowMs += 1_000;
        send(client);
      }
      expect(client.socket.errorCodes).toEqual([]);
      expect(client.calls.length).toBeGreaterThanOrEqual(36);
    }
  });

  it('charge WAV chunks that change their sample rate for the cost of a new stream, however short they are', async () => {
    const client = await ConnectedClient.started();
    const chunks = [44_100, 48_000].map((rateHz) => ({
      type: 'audio_chunk',
      format: 'audio/wav',
      data: Buffer.from(encodeWav(Int16Array.of(1), rateHz)).toString('base64'),
    }));
    for (let sent = 0; sent < 500; sent++) client.socket.says(chunks[sent % 2]);
    expect(client.calls.length).toBeLessThan(60_000 / 250);
    expect(client.calls.length).toBeGreaterThan(200);
    expect(client.socket.errorCodes).toEqual(['rate_limited']);
  });

  it('count a short WAV chunk as one whole frame', async () => {
    const client = await ConnectedClient.started();
    const data = Buffer.from(encodeWav(Int16Array.of(1), 48_000)).toString('base64');
    for (let sent = 0; sent < 4_000; sent++) client.socket.says({ type: 'audio_chunk', format: 'audio/wav', data });
    expect(client.calls).toHaveLength(2_987);
    expect(client.socket.errorCodes).toEqual(['rate_limited']);
  });

  it('count invalid audio as well, however short it is', async () => {
    const client = await ConnectedClient.started();
    for (let sent = 0; sent < 4_000; sent++) client.socket.says({ type: 'audio_chunk', format: 'audio/webm', data: 'AAAA' });
    expect(client.socket.errorCodes.filter((code) => code === 'invalid_audio')).toHaveLength(3_000);
    expect(client.socket.errorCodes.filter((code) => code === 'rate_limited')).toHaveLength(1);
  });

  it('count recordings by their duration, and charge the beginning of each recording for the cost of a decoder', async () => {
    const packets = Buffer.concat(Array.from({ length: 100 }, (_packet, index) => simpleBlock(SILENT_PACKET, index)));
    const webm = (bytes: Buffer): object => ({ type: 'audio_chunk', format: 'audio/webm', data: bytes.toString('base64') });
    const long = await ConnectedClient.started();
    long.socket.says(webm(BEGUN));
    for (let sent = 0; sent < 40; sent++) long.socket.says(webm(Buffer.concat([endless(Id.cluster, timestamp(sent * 2_000)), packets])));
    expect(long.meter.pcmBytes).toBe(29 * 64_000);
    expect(long.socket.errorCodes).toEqual(['rate_limited']);
    const many = await ConnectedClient.started();
    for (let sent = 0; sent < 500; sent++) many.socket.says(webm(BEGUN));
    expect(many.socket.errorCodes).toEqual(['rate_limited']);
    expect(many.meter.compressedBytes).toBe(222 * BEGUN.length);
    for (const { socket } of [long, many]) socket.disconnect();
  });

  it('disconnect a client that keeps exceeding them', async () => {
    const client = await ConnectedClient.started();
    flood(client);
    expect(client.socket.closes).toEqual([1008]);
    expect(client.socket.of('error').at(-1)).toMatchObject({ code: 'rate_limited', fatal: true });
    expect(client.socket.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'error' });
    expect(client.socket.errorCodes).toHaveLength(10);
    expect(client.calls.at(-1)).toEqual(['end', 'error']);
    expect(client.calls.filter((call) => Array.isArray(call) && call[0] === 'end')).toHaveLength(1);
  });

  it('disconnect a client that exceeds them while its conversation is being created, and tell it that the conversation has ended', async () => {
    const client = new ConnectedClient(() => new Promise(() => undefined));
    client.socket.says({ type: 'start_conversation' });
    flood(client);
    expect(client.socket.closes).toEqual([1008]);
    expect(client.socket.messages.slice(-2)).toEqual([
      expect.objectContaining({ code: 'rate_limited', fatal: true }),
      { type: 'conversation_ended', reason: 'error' },
    ]);
    expect(client.socket.of('conversation_ended')).toHaveLength(1);
  });

  it('disconnect a client that exceeds them, and let the engine announce the end of the conversation', async () => {
    class Polite extends RecordingEngine {
      override end(reason: EndReason): void {
        super.end(reason);
        client.emit({ type: 'ended', reason });
      }
    }
    const client: ConnectedClient = new ConnectedClient(async () => new Polite());
    client.socket.says({ type: 'start_conversation' });
    await settle();
    flood(client);
    expect(client.socket.of('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'error' }]);
    expect(client.socket.closes).toEqual([1008]);
  });

  it('apply before the conversation as well', () => {
    const client = new ConnectedClient();
    flood(client);
    expect(client.socket.closes).toEqual([1008]);
  });
});

/** Sends more than is allowed, for longer than the server tolerates. */
function flood(client: ConnectedClient): void {
  for (let second = 0; second < 12; second++) {
    for (let sent = 0; sent < 150; sent++) client.socket.says({ type: 'interrupt' });
    client.nowMs += 1_000;
  }
}

function stereoWav(sampleRateHz: number, durationMs: number): Buffer {
  const samples = (sampleRateHz * durationMs) / 1_000;
  const wav = Buffer.from(encodeWav(new Int16Array(samples * 2).fill(1_000), sampleRateHz));
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(sampleRateHz * 4, 28);
  wav.writeUInt16LE(4, 32);
  return wav;
}
