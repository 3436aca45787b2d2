import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { SKILL_GRAMMAR } from '../skill-bot/skill-grammar.ts';
import { speechChildPaths } from './child-paths.ts';
import type { Recognition, RecognitionStream } from './ports.ts';
import { RecogniserPool, type RecogniserPoolOptions } from './recogniser-pool.ts';
import { SynthesiserPool } from './synthesiser-pool.ts';
import { readFixture } from './testing/read-fixture.ts';
import { isAlive, waitUntil } from './testing/wait-until.ts';

const PATHS = speechChildPaths(__dirname);
const FRAME = 320;

const KEY_WORDS: Readonly<Record<string, RegExp>> = {
  'clean-time': /\btime\b/,
  'clean-date': /\bdate today\b/,
  'clean-sum': /\bseven plus five\b/,
  'clean-joke': /\bjoke\b/,
  'clean-story': /\blong story\b/,
  'clean-name': /\bmy name is peter\b/,
  'clean-myname': /\bwhat is my name\b/,
  'clean-stop': /\bstop\b/,
  'clean-repeat': /\brepeat that\b/,
  'clean-lights': /\bkitchen lights\b/,
  'clean-convert': /\bfive miles to kilometers\b/,
  'interrupt-short': /\bwait stop\b/,
  'interrupt-else': /\bask something else\b/,
  'interrupt-5s': /\bstop .*\bweather like tomorrow\b/,
};

/** Files that these processes have left behind. */
function filesOf(pids: number[]): string[] {
  return readdirSync(tmpdir()).filter((name) => pids.some((pid) => name.startsWith(`parley-speech-${pid}-`)));
}

function pushFrames(stream: RecognitionStream, pcm: Int16Array): void {
  for (let at = 0; at < pcm.length; at += FRAME) stream.push(pcm.subarray(at, at + FRAME));
}

function recognise(pool: RecogniserPool, fixture: string, session = fixture) {
  const stream = pool.open(session);
  // The recordings end with 1.3 s of silence: 0.3 s are enough.
  pushFrames(stream, readFixture(fixture).slice(0, -16_000));
  return stream.end();
}

async function withPool(options: Partial<RecogniserPoolOptions>, use: (pool: RecogniserPool) => Promise<void>): Promise<void> {
  const pool = new RecogniserPool({ childPath: PATHS.recogniser, domain: SKILL_GRAMMAR, size: 1, endTimeoutMs: 60_000, ...options });
  try {
    await pool.ready;
    await use(pool);
  } finally {
    await pool.close();
  }
}

// Real engines on a machine that may be busy.
jest.setTimeout(30_000);

describe('RecogniserPool', () => {
  let pool: RecogniserPool;
  beforeAll(async () => {
    pool = new RecogniserPool({ childPath: PATHS.recogniser, domain: SKILL_GRAMMAR, size: 2, endTimeoutMs: 60_000 });
    await pool.ready;
  });
  afterAll(() => pool.close());

  describe('on the recordings', () => {
    const recognitions = new Map<string, Promise<Recognition>>();
    beforeAll(async () => {
      // All at once: two are decoded at a time, the others wait.
      for (const fixture of Object.keys(KEY_WORDS)) recognitions.set(fixture, recognise(pool, fixture, 'one speaker'));
      await Promise.all(recognitions.values());
    });

    it.each(Object.entries(KEY_WORDS))('understands %s', async (fixture, expected) => {
      const recognition = await recognitions.get(fixture);
      expect(recognition?.text).toMatch(expected);
      expect(recognition?.words.map(({ word }) => word).join(' ')).toBe(recognition?.text);
      expect(recognition?.confidence).toBeGreaterThan(0.4);
      expect(recognition?.confidence).toBeLessThanOrEqual(1);
    });
  });

  it.each(['burst-slam', 'burst-cough', 'burst-click', 'burst-keyboard'])('hears no words where there is no voice: %s', async (noise) => {
    const stream = pool.open(noise);
    pushFrames(stream, readFixture(noise));
    const recognition = await stream.end();
    expect(recognition).toEqual({ text: '', words: [], confidence: 0 });
    expect(stream.partial).toBe('');
  });

  it('reports when each word was spoken, also in a later utterance of the same process', async () => {
    for (let i = 0; i < 2; i++) {
      const { words } = await recognise(pool, 'clean-time', 'a');
      expect(words.map(({ word }) => word)).toEqual(['what', 'time', 'is', 'it']);
      // The fixture speaks from 400 to 1130 ms.
      expect(words[0].startMs).toBeGreaterThan(300);
      expect(words[0].startMs).toBeLessThan(500);
      expect(words[3].endMs).toBeGreaterThan(1000);
      expect(words[3].endMs).toBeLessThan(1300);
    }
  });

  it('reports the words so far before the end', async () => {
    const stream = pool.open('a');
    expect(stream.partial).toBe('');
    pushFrames(stream, readFixture('clean-lights'));
    const seen = new Set<string>();
    await waitUntil(() => seen.add(stream.partial) && /kitchen lights/.test(stream.partial));
    expect(seen.size).toBeGreaterThan(2);
    expect((await stream.end()).text).toMatch(/kitchen lights/);
  });

  it('answers an utterance without audio with an empty result', async () => {
    expect(await pool.open('a').end()).toEqual({ text: '', words: [], confidence: 0 });
  });

  it('accepts more utterances than it has processes, and the others wait with their audio', async () => {
    const streams = ['clean-joke', 'clean-sum', 'clean-name', 'clean-stop', 'clean-repeat'].map((fixture) => ({
      fixture,
      stream: pool.open(fixture),
    }));
    for (const { fixture, stream } of streams) pushFrames(stream, readFixture(fixture).slice(0, -16_000));
    const texts = await Promise.all(streams.map(async ({ stream }) => (await stream.end()).text));
    expect(texts).toEqual(['tell me a joke', 'what is seven plus five', 'my name is peter', 'stop talking please', 'please repeat that']);
  });

  it('gives a session the process it had before', async () => {
    // One utterance in each process, then one session in each.
    await Promise.all([pool.open('x').end(), pool.open('y').end()]);
    await pool.open('a').end();
    await pool.open('b').end();
    const [stopped] = pool.pids;
    const answersWithout = async (sessions: string[]): Promise<string[]> => {
      process.kill(stopped, 'SIGSTOP');
      const answered: string[] = [];
      const streams = sessions.map((session) => {
        const stream = pool.open(session);
        return stream.end().then(() => answered.push(session));
      });
      await Promise.race(streams);
      const first = [...answered];
      process.kill(stopped, 'SIGCONT');
      await Promise.all(streams);
      return first;
    };
    const inOrder = await answersWithout(['a', 'b']);
    expect(inOrder).toHaveLength(1);
    expect(await answersWithout(['b', 'a'])).toEqual(inOrder);
    expect(await answersWithout(['a', 'b'])).toEqual(inOrder);
  });

  it('drops a cancelled utterance and continues with the next', async () => {
    const cancelled = pool.open('a');
    for (let i = 0; i < 10; i++) cancelled.push(readFixture('clean-story'));
    const result = cancelled.end();
    cancelled.cancel();
    cancelled.cancel();
    expect(await result).toEqual({ text: '', words: [], confidence: 0 });
    expect((await recognise(pool, 'clean-joke', 'a')).text).toBe('tell me a joke');
  });

  it('replaces a process that dies in the middle of an utterance, and the next utterance works', () =>
    withPool({}, async (single) => {
      const [pid] = single.pids;
      const stream = single.open('a');
      pushFrames(stream, readFixture('clean-sum').subarray(0, 16_000));
      await waitUntil(() => stream.partial !== '');
      process.kill(pid, 'SIGKILL');
      await expect(stream.end()).rejects.toThrow('the recogniser stopped (SIGKILL) and has been replaced');

      expect((await recognise(single, 'clean-sum')).text).toBe('what is seven plus five');
      expect(single.pids).toHaveLength(1);
      expect(single.pids).not.toContain(pid);
    }));

  it('replaces a process that does not answer', () =>
    withPool({ endTimeoutMs: 500 }, async (single) => {
      const [pid] = single.pids;
      process.kill(pid, 'SIGSTOP');
      const stream = single.open('a');
      await expect(stream.end()).rejects.toThrow('did not answer in 0.5 s');

      const next = single.open('a');
      pushFrames(next, readFixture('clean-joke'));
      await waitUntil(() => next.partial.includes('joke'));
      next.cancel();
      await waitUntil(() => !isAlive(pid));
    }));

  it('reports in words that it will never be ready', async () => {
    const broken = new RecogniserPool({ childPath: PATHS.recogniser, size: 2, modelDirectory: '/no/such/models' });
    const waiting = broken.open('a').end();
    await expect(broken.ready).rejects.toThrow(
      'speech cannot be recognised: the speech model /no/such/models/en-us does not exist (try: apt-get',
    );
    await expect(waiting).rejects.toThrow('speech cannot be recognised');
    await expect(broken.open('a').end()).rejects.toThrow('speech cannot be recognised');
    await broken.close();
  });

  it('fails open utterances when it closes, and leaves neither a process nor a file behind', async () => {
    const closing = new RecogniserPool({ childPath: PATHS.recogniser, domain: SKILL_GRAMMAR, size: 1 });
    const { pids } = closing;
    await closing.ready;
    const leased = closing.open('a');
    const queued = closing.open('b').end();
    pushFrames(leased, readFixture('clean-story'));
    const closed = closing.close();

    await expect(leased.end()).rejects.toThrow('the recogniser is closed');
    await expect(queued).rejects.toThrow('the recogniser is closed');
    await closed;
    expect(pids).toHaveLength(1);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(filesOf(pids)).toEqual([]);
    await expect(closing.open('c').end()).rejects.toThrow('the recogniser is closed');
    await closing.close();
  });

  it('can be closed while it is still loading', async () => {
    const closing = new RecogniserPool({ childPath: PATHS.recogniser, domain: SKILL_GRAMMAR, size: 1 });
    const { pids } = closing;
    await closing.close();
    await expect(closing.ready).rejects.toThrow('the recogniser is closed');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(filesOf(pids)).toEqual([]);
  });

  it('understands what the synthesiser says', async () => {
    const synthesiser = new SynthesiserPool({ childPath: PATHS.synthesiser });
    try {
      for (const sentence of ['What time is it?', 'Tell me another joke.', 'Please repeat that.']) {
        const speech = await synthesiser.speak(sentence, 'parley-clara', new AbortController().signal);
        const stream = pool.open('round trip');
        stream.push(new Int16Array(4800));
        stream.push(speech.pcm);
        stream.push(new Int16Array(4800));
        expect((await stream.end()).text).toBe(sentence.toLowerCase().replace(/[?.]/, ''));
      }
    } finally {
      await synthesiser.close();
    }
  });
});
