import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav } from '@parley/audio';
import { eventually } from '@parley/testing';
import { type AnyJournal, decodeAnyJournal, decodeJournal, DEFAULT_TURN_POLICY, replayJournal } from '@parley/conversation';
import { RecordingLogger } from '../../testing/recording-logger';
import {
  LEVEL,
  pass,
  startVirtualTime,
  TestAgentConversation,
  TestConversation,
  type TestConversationOptions,
} from '@parley/engine/testing';
import { Recordings } from './recordings';

const SESSION = 'conversation-1';
const UNBOUNDED = { processes: 1, recordings: { maxBytes: undefined, keepMs: undefined } };

describe('a recorded session', () => {
  let logger: RecordingLogger;
  let folder: string;
  let recordings: Recordings;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    folder = await mkdtemp(join(tmpdir(), 'parley-recordings-'));
    recordings = new Recordings({ recordDir: folder, lifecycle: UNBOUNDED });
    startVirtualTime();
  });
  afterEach(async () => {
    jest.useRealTimers();
    logger.restore();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (options: TestConversationOptions = {}) => TestConversation.start({ recordings, ...options });

  /** The files in the folder after everything has been written. */
  async function writtenAs<Read extends AnyJournal>(
    decode: (text: string) => Read,
  ): Promise<{ journal: Read; microphone: Int16Array; speech: Int16Array }> {
    jest.useRealTimers();
    await recordings.onApplicationShutdown();
    const samples = async (name: string): Promise<Int16Array> => {
      const wav = parseWav(await readFile(join(folder, name)));
      if (!wav.ok) throw new Error(wav.error);
      return wav.pcm;
    };
    const journal = decode(await readFile(join(folder, `${SESSION}.jsonl`), 'utf8'));
    const { audio } = journal.header;
    return { journal, microphone: await samples(audio?.microphone.file ?? ''), speech: await samples(audio?.speech.file ?? '') };
  }

  const written = () => writtenAs(decodeJournal);

  it('consists of a journal that replays to the same result, and of the audio of both sides', async () => {
    const { mic, session, sink } = await start({ turns: { draftAfterSilenceMs: 200 } });
    await mic.saySomething();
    await mic.hush(3_000);
    session.end('client');

    const { journal, microphone, speech } = await written();
    expect(journal).toMatchObject({ truncated: false, header: { session: SESSION, policy: { draftAfterSilenceMs: 200 } } });
    const replay = replayJournal(journal);
    expect(replay.differences).toEqual([]);
    expect(replay.decisions).toBeGreaterThan(20);
    expect(journal.entries.at(-1)).toMatchObject({ event: { type: 'conversation_ended', reason: 'client' } });

    // One second of speech and then silence, exactly as it was received.
    expect(microphone).toHaveLength(5 * 16_000);
    expect(microphone.subarray(0, 16_000).every((sample) => sample === LEVEL.speech)).toBe(true);
    expect(microphone.subarray(16_000).every((sample) => sample === LEVEL.silence)).toBe(true);

    const pieces = journal.entries.flatMap((entry) => (entry.kind === 'speech' ? [entry] : []));
    expect(pieces.map(({ turn, seq, samples, last }) => ({ turn, seq, samples, last }))).toEqual(
      sink.speech.map(({ turn, seq, pcm, last }) => ({ turn, seq, samples: pcm.length, last })),
    );
    expect(pieces.at(-1)).toMatchObject({ turn: 1, last: true });
    expect([...speech]).toEqual(sink.speech.flatMap(({ pcm }) => [...pcm]));
  });

  it('of a conversation with the agent also consists of a journal that replays to the same result, and of the audio of both sides', async () => {
    const { agent, conversation, sink } = await TestAgentConversation.start({ recorder: recordings });
    conversation.pushAudio(new Int16Array(3_200).fill(LEVEL.speech));
    agent.session.tell({ type: 'user_transcript', text: 'Hello?', isFinal: true });
    agent.session.tell({ type: 'reply_text', text: 'Hello!' });
    agent.session.speak(400);
    await pass(2_000);
    conversation.end('client');
    conversation.pushAudio(new Int16Array(320));

    const { journal, microphone, speech } = await writtenAs(decodeAnyJournal);
    expect(journal).toMatchObject({ engine: 'agent', truncated: false, header: { session: SESSION, policy: { greetsAgain: false } } });
    const replay = replayJournal(journal);
    expect(replay.differences).toEqual([]);
    expect(replay.decisions).toBeGreaterThan(10);
    expect(journal.entries.at(-1)).toMatchObject({ event: { type: 'conversation_ended', reason: 'client' } });
    expect(microphone).toHaveLength(3_200);
    expect(speech).toHaveLength(400 * 24);
    const pieces = [...journal.entries].flatMap((entry) => (entry.kind === 'speech' ? [entry.samples] : []));
    expect(pieces).toEqual(sink.speech.map(({ pcm }) => pcm.length));
  });

  it('contains the adaptive turn-taking decisions and the hints that they were based on', async () => {
    const { mic, session } = await start({ turns: { turnTaking: 'adaptive' }, stt: () => ({ text: 'what time is it', wordMs: 100 }) });
    await mic.saySomething();
    await mic.hush(2_000);
    session.end('client');
    const { journal } = await written();
    expect(journal.entries.flatMap((entry) => (entry.kind === 'step' ? entry.hints : []))).not.toEqual([]);
    expect(replayJournal(journal).differences).toEqual([]);
  });

  it('names the turn detector in use and contains its answers, without influencing which detector is used', async () => {
    const turnDetector = { name: 'patient', requiredSilenceMs: () => 1_234 };
    const options: TestConversationOptions = { turns: { turnTaking: 'adaptive' }, turnDetector };
    const { mic, session } = await start(options);
    await mic.saySomething();
    await mic.hush(2_000);
    session.end('client');
    const { journal } = await written();
    expect(journal.header.hint).toBe('patient');
    expect(new Set(journal.entries.flatMap((entry) => (entry.kind === 'step' ? entry.hints : [])))).toEqual(new Set([1_234]));
    expect(replayJournal(journal).differences).toEqual([]);
  });

  it('can be read by the owner of the files only', async () => {
    const { session } = await start();
    session.end('client');
    await written();
    const files = await readdir(folder);
    expect(files.sort()).toEqual([`${SESSION}.jsonl`, `${SESSION}.microphone.wav`, `${SESSION}.speech.wav`]);
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('never writes outside its folder, whatever the id of the session is', async () => {
    const recording = recordings.begin('../../a b', DEFAULT_TURN_POLICY, 'words');
    if (recording) recordings.finish(recording);
    jest.useRealTimers();
    await recordings.onApplicationShutdown();
    expect(await readdir(folder)).toContain('______a_b.jsonl');
  });

  it('continues when it cannot be recorded, and logs that once', async () => {
    recordings = new Recordings({ recordDir: join(folder, 'missing'), lifecycle: UNBOUNDED });
    const { mic, session, sink } = await start();
    await mic.saySomething();
    await mic.hush(3_000);
    expect(sink.speechMsOf(1)).toBeGreaterThan(0);
    session.end('client');
    expect(sink.endings).toEqual(['client']);
    jest.useRealTimers();
    await recordings.onApplicationShutdown();
    expect(logger.faults).toHaveLength(1);
    expect(logger.faults).toMatchObject([
      { line: { message: 'the recording has stopped', conversationId: SESSION, error: expect.stringContaining('ENOENT') } },
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  describe('of a conversation that is recorded after others', () => {
    const record = async (id: string): Promise<void> => {
      const recording = recordings.begin(id, DEFAULT_TURN_POLICY, 'words');
      recording?.heard(new Int16Array(16_000));
      if (recording) recordings.finish(recording);
      await recordings.onApplicationShutdown();
    };
    beforeEach(() => jest.useRealTimers());

    it('takes the place of the oldest one where the folder is full', async () => {
      recordings = new Recordings({ recordDir: folder, lifecycle: { processes: 1, recordings: { maxBytes: 70_000, keepMs: undefined } } });
      for (const id of ['one', 'two', 'three']) await record(id);
      await eventually(() => readdirSync(folder).length === 6, 'the deletion', 10_000);
      expect(await readdir(folder)).not.toContain('one.jsonl');
      expect(await readdir(folder)).toContain('three.jsonl');
    });

    it('is made again when the folder is there again, and a new loss is logged again', async () => {
      await rm(folder, { recursive: true });
      await record('one');
      await record('two');
      expect(logger.faults).toHaveLength(1);
      await mkdir(folder);
      await record('three');
      expect(await readdir(folder)).toContain('three.jsonl');
      await rm(folder, { recursive: true });
      await record('four');
      expect(logger.faults).toMatchObject([{ line: { conversationId: 'one' } }, { line: { conversationId: 'four' } }]);
    });
  });

  it('is not written unless recording is configured', async () => {
    recordings = new Recordings({ recordDir: undefined, lifecycle: UNBOUNDED });
    const { mic, session } = await start();
    await mic.saySomething();
    session.end('client');
    jest.useRealTimers();
    await recordings.onApplicationShutdown();
    expect(await readdir(folder)).toEqual([]);
    expect(logger.faults).toEqual([]);
  });
});
