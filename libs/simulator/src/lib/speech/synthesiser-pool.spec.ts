import { speechChildPaths } from './child-paths.ts';
import type { SynthesisedSpeech } from './ports.ts';
import { SynthesiserPool } from './synthesiser-pool.ts';
import { isAlive, waitUntil } from './testing/wait-until.ts';

const CHILD_PATH = speechChildPaths(__dirname).synthesiser;
const SIGNAL = new AbortController().signal;

function rms({ pcm, sampleRateHz }: SynthesisedSpeech, startMs: number, endMs: number): number {
  const samples = pcm.subarray((startMs * sampleRateHz) / 1000, (endMs * sampleRateHz) / 1000);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

// Real engines on a machine that may be busy.
jest.setTimeout(30_000);

describe('SynthesiserPool', () => {
  let pool: SynthesiserPool;
  beforeAll(async () => {
    pool = new SynthesiserPool({ childPath: CHILD_PATH });
    await pool.ready;
  });
  afterAll(() => pool.close());

  it('reports the time of every written word, and begins with almost no silence', async () => {
    const speech = await pool.speak("It's twelve o'clock, Peter. Well done!", 'slt', SIGNAL);

    expect(speech.sampleRateHz).toBe(16_000);
    expect(speech.words.map(({ word }) => word)).toEqual(["It's", 'twelve', "o'clock", 'Peter', 'Well', 'done']);
    expect(speech.words[0].startMs).toBeGreaterThanOrEqual(25);
    expect(speech.words[0].startMs).toBeLessThanOrEqual(35);
    const durationMs = speech.pcm.length / 16;
    for (const [i, { startMs, endMs }] of speech.words.entries()) {
      expect(startMs).toBeGreaterThanOrEqual(i === 0 ? 0 : speech.words[i - 1].endMs);
      expect(endMs).toBeGreaterThan(startMs + 50);
      expect(endMs).toBeLessThanOrEqual(durationMs);
      expect(rms(speech, startMs, endMs)).toBeGreaterThan(300);
    }
    // The audio is quiet at the comma, where the times say that there is a pause.
    const [comma, next] = [speech.words[2].endMs, speech.words[3].startMs];
    expect(next - comma).toBeGreaterThan(50);
    expect(rms(speech, comma + 10, next - 10)).toBeLessThan(100);
  });

  it('has different voices, and uses the default one for an unknown id', async () => {
    const speak = (voice: string) => pool.speak('Good morning.', voice, SIGNAL);
    const [clara, ray, robot, unknown] = await Promise.all(['parley-clara', 'parley-ray', 'parley-dot', 'someone-else'].map(speak));
    expect(unknown.pcm).toEqual(clara.pcm);
    expect(ray.pcm).not.toEqual(clara.pcm);
    expect(robot.pcm).not.toEqual(ray.pcm);
  });

  it.each(['', ' ... ', '\u{1f600}'])('returns no audio for %j', async (text) => {
    expect(await pool.speak(text, 'slt', SIGNAL)).toMatchObject({ words: [], pcm: { length: 0 } });
  });

  it('rejects with the abort reason, while speaking or waiting, and speaks the next text', async () => {
    await expect(pool.speak('never', 'slt', AbortSignal.abort('too late'))).rejects.toBe('too late');
    const running = new AbortController();
    const waiting = new AbortController();
    const first = pool.speak('This is the first sentence.', 'slt', running.signal);
    const second = pool.speak('This is the second sentence.', 'slt', waiting.signal);
    const third = pool.speak('Third.', 'slt', SIGNAL);
    running.abort('stop one');
    waiting.abort('stop two');

    await expect(first).rejects.toBe('stop one');
    await expect(second).rejects.toBe('stop two');
    expect((await third).words.map(({ word }) => word)).toEqual(['Third']);
  });

  it('replaces a process that dies, and fails only the text it was speaking', async () => {
    const [pid] = pool.pids;
    process.kill(pid, 'SIGSTOP');
    const lost = pool.speak('One.', 'slt', SIGNAL);
    const next = pool.speak('Two.', 'slt', SIGNAL);
    process.kill(pid, 'SIGKILL');

    await expect(lost).rejects.toThrow('the synthesiser stopped (SIGKILL) and has been replaced');
    expect((await next).words.map(({ word }) => word)).toEqual(['Two']);
    expect(pool.pids).not.toContain(pid);
  });

  it('replaces a process that does not answer', async () => {
    const impatient = new SynthesiserPool({ childPath: CHILD_PATH, speakTimeoutMs: 1000 });
    try {
      await impatient.ready;
      const [pid] = impatient.pids;
      process.kill(pid, 'SIGSTOP');
      await expect(impatient.speak('One.', 'slt', SIGNAL)).rejects.toThrow('did not answer in 1 s');
      expect((await impatient.speak('Two.', 'slt', SIGNAL)).words).toHaveLength(1);
      await waitUntil(() => !isAlive(pid));
    } finally {
      await impatient.close();
    }
  });

  it('fails waiting texts when it closes, and leaves no process behind', async () => {
    const closing = new SynthesiserPool({ childPath: CHILD_PATH, size: 2 });
    const { pids } = closing;
    const waiting = closing.speak('Too late.', 'slt', SIGNAL);
    const closed = closing.close();

    await expect(waiting).rejects.toThrow('the synthesiser is closed');
    await expect(closing.ready).rejects.toThrow('the synthesiser is closed');
    await closed;
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(closing.speak('After.', 'slt', SIGNAL)).rejects.toThrow('the synthesiser is closed');
    await closing.close();
  });
});
