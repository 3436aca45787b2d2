import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesFromPcm16, parseWav } from '@parley/audio';
import { type ConversationClient, fixture, ServerProcess } from '@parley/testing/client';
import { inConversation } from './support/suite';

const WORKSPACE = join(__dirname, '../../..');
const HURRIED = { playbackSpeed: 10 };

/** Runs the program behind `nx run conversation:replay`. */
function replay(path: string): { exitCode: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/run-ts.mjs', 'tools/journals/replay.ts', path], {
    cwd: WORKSPACE,
    encoding: 'utf8',
  });
  return { exitCode: status, output: stdout + stderr };
}

function samplesOf(path: string): Buffer {
  const wav = parseWav(readFileSync(path));
  if (!wav.ok) throw new Error(`${path}: ${wav.error}`);
  return Buffer.from(bytesFromPcm16(wav.pcm));
}

describe('A server that records', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-recordings-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs `hold` with a server that records, and stops the server afterwards. */
  async function recorded(hold: (server: ServerProcess) => Promise<void>, recordDir = folder): Promise<string> {
    const server = await ServerProcess.start({ RECORD_DIR: recordDir });
    await hold(server).catch(async (error: unknown) => {
      await server.terminate();
      throw error;
    });
    const log = server.log();
    await server.stop();
    return log;
  }

  const journals = (): string[] => readdirSync(folder).flatMap((file) => (file.endsWith('.jsonl') ? join(folder, file) : []));

  const askTheTime = async (client: ConversationClient): Promise<void> => {
    await client.microphone.say(fixture('clean-time.wav').pcm);
    await client.answerOf(1);
  };

  it('writes a journal that replays without a difference, and the audio of both sides', async () => {
    let session: string | undefined;
    let received = Buffer.alloc(0);
    await recorded((server) =>
      inConversation(
        server,
        async (client) => {
          await askTheTime(client);
          client.send({ type: 'text_message', text: 'tell me a long story' });
          await client.inbox.waitFor('the story', () => client.inbox.firstSpeechAtMs(2));
          client.send({ type: 'interrupt' });
          await client.inbox.waitForState('USER_SPEAKING', 3);
          session = client.inbox.messages('conversation_started')[0]?.conversation_id;
          received = Buffer.concat([1, 2].flatMap((turn) => client.inbox.speechOf(turn).map(({ pcm }) => pcm)));
        },
        HURRIED,
      ),
    );

    expect(readdirSync(folder).sort()).toEqual([`${session}.jsonl`, `${session}.microphone.wav`, `${session}.speech.wav`]);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(received.length).toBeGreaterThan(48_000);
    expect(samplesOf(join(folder, `${session}.speech.wav`)).equals(received)).toBe(true);
    const said = Buffer.from(bytesFromPcm16(fixture('clean-time.wav').pcm));
    expect(samplesOf(join(folder, `${session}.microphone.wav`)).includes(said)).toBe(true);

    const [journal] = journals();
    expect(replay(journal)).toEqual({ exitCode: 0, output: expect.stringMatching(/ \d{2,} events, \d{2,} decisions, no difference\n$/) });
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(changed, readFileSync(journal, 'utf8').replace('"reason":"button"', '"reason":"text"'));
    expect(replay(changed)).toEqual({ exitCode: 1, output: expect.stringContaining('line ') });
  });

  it('keeps complete journals of sessions whose connection breaks or that run while the server stops', async () => {
    await recorded(async (server) => {
      await inConversation(server, async (client) => client.terminate());
      await inConversation(server, async (client) => {
        client.send({ type: 'text_message', text: 'tell me a long story' });
        await client.inbox.waitFor('the story', () => client.inbox.firstSpeechAtMs(1));
        await server.terminate();
      });
    });
    expect(journals()).toHaveLength(2);
    for (const journal of journals()) expect(replay(journal)).toMatchObject({ exitCode: 0 });
    const ends = journals().map((journal) => readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1));
    expect(ends.sort()).toEqual([expect.stringContaining('"reason":"client"'), expect.stringContaining('"reason":"server_shutdown"')]);
  });

  it('holds conversations even if it cannot record them, and logs that once for each', async () => {
    const gone = mkdtempSync(join(folder, 'gone-'));
    const log = await recorded((server) => {
      rmSync(gone, { recursive: true });
      return inConversation(server, askTheTime, HURRIED);
    }, gone);
    expect(log.match(/the recording has stopped/g)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });
});
