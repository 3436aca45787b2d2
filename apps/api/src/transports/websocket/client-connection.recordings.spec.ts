import { eventually } from '@parley/testing';
import { webmRecording } from '@parley/testing/client';
import { ConnectedClient } from '../../testing/connected-client';
import { RecordingLogger } from '@parley/server/testing';
import { settle } from '@parley/engine/testing';

describe('ClientConnection: recordings', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  const CHUNKS = webmRecording('clean-time');
  const webm = (bytes: Uint8Array): object => ({
    type: 'audio_chunk',
    format: 'audio/webm;codecs=opus',
    data: Buffer.from(bytes).toString('base64'),
  });
  const heardSamples = ({ calls }: ConnectedClient): number =>
    calls.reduce<number>((sum, call) => sum + (Array.isArray(call) && call[0] === 'pushAudio' ? call[1].length : 0), 0);

  it('are decoded and passed on to the engine', async () => {
    const client = await ConnectedClient.started();
    for (const chunk of CHUNKS) client.socket.says(webm(chunk));
    await eventually(() => heardSamples(client) === 48_000, 'three seconds');
    expect(client.socket.sent).toEqual([]);
    expect(client.meter).toEqual({ compressedBytes: 8_758, pcmBytes: 96_000 });
    client.socket.disconnect();
  });

  it('cause one error when they are damaged, and the next one is decoded', async () => {
    const client = await ConnectedClient.started();
    client.socket.says(webm(CHUNKS[0]));
    client.socket.says(webm(CHUNKS[3].subarray(7)));
    expect(client.socket.errorCodes).toEqual(['invalid_audio']);
    for (const chunk of CHUNKS) client.socket.says(webm(chunk));
    await eventually(() => heardSamples(client) >= 48_000, 'three seconds');
    expect(client.socket.errorCodes).toEqual(['invalid_audio']);
    client.socket.disconnect();
  });

  it('that break off are reported when the next one arrives, which is decoded', async () => {
    const client = await ConnectedClient.started();
    client.socket.says(webm(CHUNKS[0].subarray(0, -5)));
    for (const chunk of CHUNKS) client.socket.says(webm(chunk));
    await eventually(() => heardSamples(client) >= 48_000, 'three seconds');
    expect(client.socket.errorCodes).toEqual(['invalid_audio']);
    client.socket.disconnect();
  });

  it('are refused before the conversation has started', async () => {
    const client = new ConnectedClient();
    client.socket.says(webm(CHUNKS[0]));
    expect(client.socket.errorCodes).toEqual(['not_started']);
  });

  it('cause an internal error when the server cannot load a decoder', async () => {
    const client = await ConnectedClient.started({}, () => Promise.reject(new Error('no memory for the secret')));
    client.socket.says(webm(CHUNKS[0]));
    await settle();
    expect(client.socket.errorCodes).toEqual(['internal']);
    expect(logger.lines).toMatchObject([{ level: 'error', line: { message: 'audio could not be decoded' } }]);
  });

  it('release their decoder when the client disconnects and when the conversation ends', async () => {
    for (const end of [
      ({ socket }: ConnectedClient) => socket.disconnect(),
      (client: ConnectedClient) => client.emit({ type: 'ended', reason: 'inactivity_timeout' }),
    ]) {
      let freed = 0;
      const client = await ConnectedClient.started({}, async () => ({ decode: () => new Int16Array(960), free: () => void freed++ }));
      client.socket.says(webm(CHUNKS[0]));
      await settle();
      expect(heardSamples(client)).toBe(960);
      end(client);
      expect(freed).toBe(1);
      client.socket.disconnect();
      expect(freed).toBe(1);
    }
  });
});
