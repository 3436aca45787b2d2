import { ProviderError } from '@parley/providers';
import { FakeNarration, type FakeNarrationOptions } from '@parley/testing';
import { parseBuffer } from 'music-metadata';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLineError, parseCommandLine } from './command-line';
import { type Narrated, narrateScript } from './narrate-script';
import type { Progress } from './progress-display';
import { describeEpisode, describePlan, describeProblems } from './report';

const SCRIPT = '# Morning\n\nHOST: It rained all day.\n\nGUEST: And all night.\n\n# Evening\n\nHOST: Then it stopped.\n';
const VOICES = ['--voice', 'HOST=Anna', '--voice', 'GUEST=ben'];

describe('a script on the command line', () => {
  const { TMPDIR } = process.env;
  let folder: string;
  const progress: Progress[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'narrate-spec-'));
    progress.length = 0;
    await mkdir(join(folder, 'out'));
    await mkdir(join(folder, 'tmp'));
    process.env['TMPDIR'] = join(folder, 'tmp');
  });
  afterEach(async () => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    await rm(folder, { recursive: true });
  });

  const out = (name: string): string => join(folder, 'out', name);
  /** What is needed only meanwhile. */
  const leftBehind = (): Promise<string[]> => readdir(join(folder, 'tmp'));

  function narrate(
    args: readonly string[],
    { script = SCRIPT, signal = new AbortController().signal, provider = new FakeNarration() } = {},
  ): Promise<Narrated> {
    const options = {
      provider,
      defaultVoiceId: 'anna',
      cache: { directory: join(folder, 'cache'), maxBytes: 10_000_000 },
      onProgress: (one: Progress) => void progress.push(one),
      onAssembling: () => undefined,
    };
    return narrateScript(script, parseCommandLine(['script.md', ...args]), options, signal);
  }

  it('becomes an MP3 with chapters and captions, and leaves nothing else behind', async () => {
    const files = [out('episode.mp3'), out('episode.wav'), out('episode.vtt')];
    const args = [...VOICES, '-o', files[0], '-o', files[1], '--captions', files[2], '--title', 'Rain'];
    const narrated = await narrate(args);
    if (narrated.type !== 'completed') throw new Error(JSON.stringify(narrated));

    const { common, format } = await parseBuffer(await readFile(files[0]), { mimeType: 'audio/mpeg' }, { includeChapters: true });
    expect(common.title).toBe('Rain');
    expect(format.chapters?.map(({ title }) => title)).toEqual(['Morning', 'Evening']);
    // The encoder fills its last frame.
    expect(Math.abs((format.duration ?? 0) * 1_000 - (narrated.episode.output?.durationMs ?? 0))).toBeLessThan(150);
    const vtt = await readFile(files[2], 'utf8');
    expect(vtt.replace(/<[\d:.]+>/gu, '')).toContain('<v GUEST>And all night.');
    expect((await readdir(join(folder, 'out'))).toSorted()).toEqual(['episode.mp3', 'episode.vtt', 'episode.wav']);
    expect(progress.at(-1)).toMatchObject({ done: 3, total: 3 });
    expect(await leftBehind()).toEqual([]);
    expect(describeEpisode(narrated.episode, parseCommandLine(['script.md', ...args]).outputs)).toMatch(
      /episode\.mp3 \(0\.\d MB\), .*episode\.vtt: 0:0\d, -1[56]\.\d LUFS, at most -\d\.\d dBTP\. 48 characters billed\.\n$/,
    );
  });

  it('is not paid for again', async () => {
    const provider = new FakeNarration();
    await narrate([...VOICES, '-o', out('one.mp3')], { provider });
    const again = await narrate([...VOICES, '-o', out('two.mp3')], { provider });
    expect(provider.requests).toHaveLength(3);
    if (again.type !== 'completed') throw new Error(again.type);
    expect(describeEpisode(again.episode, [])).toContain('0 characters billed; 3 segments came from the cache.');
  });

  it('is refused with the place of each mistake, and nothing is spoken or kept', async () => {
    const provider = new FakeNarration();
    const narrated = await narrate(['--voice', 'HOST=Anna', '-o', out('episode.mp3')], { provider, script: `${SCRIPT}\nHOST: [pause\n` });
    if (narrated.type !== 'refused') throw new Error(narrated.type);
    expect(describeProblems('script.md', narrated.problems)).toBe(
      'script.md:5:1: The speaker "GUEST" has no voice. Speakers with a voice: HOST.\n' +
        'script.md:11:7: The markup "[pause" is not closed. Add "]".\n',
    );
    expect(provider.requests).toEqual([]);
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  it('is only planned when that is asked for, without a cache', async () => {
    const provider = new FakeNarration();
    const narrated = await narrate([...VOICES, '--show-plan'], { provider });
    if (narrated.type !== 'planned') throw new Error(narrated.type);
    expect(describePlan(narrated.plan, false)).toMatch(/^.*: 3 segments, 2 chapters, about 0:0\d\nModel .*48 characters/);
    expect(describePlan(narrated.plan, true)).toContain('# Evening\n   3  line 9, HOST (anna), 16 characters: Then it stopped.\n');
    expect(provider.requests).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(['out', 'tmp']);
  });

  it('is cancelled with the work at the vendor, and leaves no half file', async () => {
    const slow: FakeNarrationOptions = { until: ({ text }) => (text.startsWith('Then') ? new Promise(() => undefined) : undefined) };
    const provider = new FakeNarration(slow);
    const stop = new AbortController();
    const narrated = narrate([...VOICES, '-o', out('episode.mp3')], { provider, signal: stop.signal });
    await provider.when((requests) => requests.length === 3);
    stop.abort();
    expect(await narrated).toEqual({ type: 'cancelled' });
    expect(provider.openRequests).toBe(0);
    expect(await readdir(join(folder, 'out'))).toEqual([]);
    expect(await leftBehind()).toEqual([]);
  });

  it('says in plain words why the vendor refused', async () => {
    const provider = new FakeNarration({ failure: () => new ProviderError('fake', 'auth', 'the words of the vendor') });
    const narrated = await narrate([...VOICES, '-o', out('episode.mp3')], { provider });
    expect(narrated).toEqual({ type: 'failed', message: expect.stringContaining('key') });
  });

  it('is not begun when the file cannot be written', async () => {
    const provider = new FakeNarration();
    for (const path of [join(folder, 'nowhere', 'episode.mp3'), out('folder.mp3')]) {
      await mkdir(out('folder.mp3'), { recursive: true });
      await expect(narrate([...VOICES, '-o', path], { provider })).rejects.toThrow(CommandLineError);
    }
    await expect(narrate(['--voice', 'HOST=Carl', '-o', out('episode.mp3')], { provider })).rejects.toThrow('Carl');
    expect(provider.requests).toEqual([]);
  });

  it('writes files that others may read, as other programs do', async () => {
    const path = out('episode.mp3');
    await chmod(join(folder, 'out'), 0o755);
    await narrate([...VOICES, '-o', path]);
    expect((await stat(path)).mode & 0o777).toBe(0o666 & ~process.umask());
  });
});
