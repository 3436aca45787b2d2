import type { SttSession, SttUtterance } from '../ports/speech-to-text';
import { collect, until } from '../testing/collect';
import { startSocketServer, type ReceivedMessage, type ServerConnection, type SocketServer } from '../testing/socket-server';
import { SarvamSpeechToText } from './sarvam-speech-to-text';

const SECOND = new Int16Array(16_000).fill(7);
const is = (event: string) => (message: ReceivedMessage) => message['event'] === event;

describe('a long utterance', () => {
  let server: SocketServer;
  let session: SttSession;

  async function start(upgrade?: 'stall'): Promise<void> {
    server = await startSocketServer({ refuse: () => upgrade });
    session = new SarvamSpeechToText({ apiKey: 'key', baseUrl: server.origin, simulated: true, handshakeTimeoutMs: 60_000 }).open(
      {},
      new AbortController().signal,
    );
  }

  afterEach(async () => {
    await session.close();
    await server.close();
  });

  async function greet(): Promise<ServerConnection> {
    const peer = await server.accept();
    peer.send({ event: 'session.begin', request_id: 'r', config: {} });
    return peer;
  }

  function say(seconds: number): SttUtterance {
    const utterance = session.utterance(new AbortController().signal);
    for (let i = 0; i < seconds; i += 1) utterance.push(SECOND);
    return utterance;
  }

  it('is sent from its first sample even if it has the maximum length of a user turn', async () => {
    await start();
    const utterance = say(120);
    utterance.end();
    const transcripts = collect(utterance.transcripts);
    const peer = await greet();
    await Promise.race([peer.next(is('speech_end')), transcripts]);
    const samples = peer.received
      .filter(is('audio_input'))
      .reduce((sum, { audio }) => sum + Buffer.from(String(audio), 'base64').length / 2, 0);
    expect(samples).toBe(120 * SECOND.length);
    peer.send({ event: 'transcript.final', utterance_idx: 0, text: 'all of it' });
    expect(await transcripts).toEqual([{ text: 'all of it', isFinal: true }]);
  });

  it('is not buffered without limit while no connection can be opened', async () => {
    await start('stall');
    await expect(collect(say(150).transcripts)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not buffered without limit when the vendor has stopped reading', async () => {
    await start();
    const peer = await greet();
    const first = say(1);
    await peer.next(is('audio_input'));
    peer.socket.pause();
    const result = collect(first.transcripts).catch((error: unknown) => error);
    let failed = false;
    void result.then(() => (failed = true));
    await until(() => {
      first.push(SECOND);
      return failed;
    });
    expect(await result).toMatchObject({ code: 'connection_lost' });
  });
});
