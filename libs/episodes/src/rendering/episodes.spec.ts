import { parseWav } from '@parley/audio';
import { ProviderError } from '@parley/providers';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measure } from '../sound';
import { EpisodeNotRendered } from './live-audio';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';
import { segmentStarts } from './segment-starts';
import { existing, make, reaches, RenderingBench, TWO_VOICES } from './testing/rendering-bench';

const never = (): AbortSignal => new AbortController().signal;

const withoutTimes = (vtt: string): string => vtt.replace(/<[\d:.]+>/gu, '');

async function samplesOf(audio: AsyncIterable<Int16Array>): Promise<number> {
  let samples = 0;
  for await (const pcm of audio) samples += pcm.length;
  return samples;
}

describe('an episode', () => {
  let bench: RenderingBench;

  beforeEach(async () => (bench = await RenderingBench.create()));
  afterEach(() => bench.close());

  const folderOf = (id: string): string => join(bench.folder, 'episodes', id);

  it('becomes files of the right loudness, with captions and chapters', async () => {
    const { episodes, provider } = await bench.open();
    const { id } = await make(episodes, TWO_VOICES);
    const episode = await reaches(episodes, id, 'completed');
    expect(provider.requests.map(({ text, voiceId }) => [text, voiceId])).toEqual([
      ['It rained all day in the town.', 'anna'],
      ['And all night, too.', 'ben'],
      ['Then it stopped.', 'anna'],
    ]);
    const wav = parseWav(await readFile(join(folderOf(id), 'episode.wav')));
    if (!wav.ok) throw new Error(wav.error);
    const { loudnessLufs, truePeakDbtp } = await measure(wav.pcm, EPISODE_SAMPLE_RATE_HZ);
    expect(Math.abs(loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(truePeakDbtp).toBeLessThanOrEqual(-1.5);
    expect(episode.output?.durationMs).toBeCloseTo((wav.pcm.length * 1_000) / EPISODE_SAMPLE_RATE_HZ);
    expect(episode.chapters).toEqual([
      { title: 'Morning', segment: 0, startMs: 0 },
      { title: 'Evening', segment: 2, startMs: segmentStarts(await episodes.store.segments(id))[2] },
    ]);
    const vtt = await readFile(join(folderOf(id), 'captions.vtt'), 'utf8');
    expect(vtt).toMatch(/<v HOST>It <00:00:00\.\d{3}>rained <00:00:00\.\d{3}>all /u);
    expect(withoutTimes(vtt)).toContain('<v HOST>It rained all day in the town.');
    expect(await readFile(join(folderOf(id), 'captions.srt'), 'utf8')).toContain('HOST: It rained all day in the town.');
    expect(JSON.parse(await readFile(join(folderOf(id), 'chapters.json'), 'utf8'))).toMatchObject({
      chapters: [{ title: 'Morning' }, { title: 'Evening' }],
    });
    expect(readdirSync(folderOf(id)).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(episode).toMatchObject({ firstAudioMs: expect.any(Number), progress: { done: 3, billedCharacters: 65 } });
  });

  it('is heard in order while it is made, from the first segment on', async () => {
    let goOn: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (goOn = resolve));
    const { episodes } = await bench.open({ until: ({ text }) => (text.startsWith('It') ? undefined : later) });
    const { id } = await make(episodes, TWO_VOICES);
    const audio = episodes.audio(id, never());
    const { value: first } = await audio.next();
    expect(first).toBeInstanceOf(Int16Array);
    expect((await existing(episodes.store, id)).status).toBe('rendering');
    goOn();
    const samples = (first as Int16Array).length + (await samplesOf(audio));
    const { output } = await reaches(episodes, id, 'completed');
    expect((samples * 1_000) / EPISODE_SAMPLE_RATE_HZ).toBeCloseTo(output?.durationMs ?? 0);
  });

  it('is cancelled with all work at the vendor, and goes on without what was done', async () => {
    let isSlow = true;
    const { episodes, provider } = await bench.open({
      until: ({ text }) => (isSlow && !text.startsWith('It') ? new Promise(() => undefined) : undefined),
    });
    const { id } = await make(episodes, TWO_VOICES);
    await provider.when((requests) => requests.length === 3 && requests[0].outcome === 'done');
    for await (const { episode } of episodes.changes(id, 0, never())) if (episode.progress.done === 1) break;
    await episodes.cancel(id);
    await provider.when((requests) => requests.every(({ outcome }) => outcome !== 'open'));
    expect(provider.requests.map(({ outcome }) => outcome)).toEqual(['done', 'aborted', 'aborted']);
    await expect(samplesOf(episodes.audio(id, never()))).rejects.toThrow(EpisodeNotRendered);
    isSlow = false;
    await episodes.resume(id);
    await reaches(episodes, id, 'completed');
    expect(provider.texts.filter((text) => text.startsWith('It'))).toHaveLength(1);
  });

  it('is not made longer than one segment by the change of one', async () => {
    const { episodes, provider } = await bench.open();
    const { id } = await make(episodes, TWO_VOICES);
    const before = await reaches(episodes, id, 'completed');
    const [, second] = await episodes.store.segments(id);
    await episodes.editSegment(second.id, { text: 'And all the night long, too, with wind.', voiceId: 'anna' });
    const after = await reaches(episodes, id, 'completed');
    expect(provider.texts.slice(3)).toEqual(['And all the night long, too, with wind.']);
    expect(after.output?.durationMs).toBeGreaterThan(before.output?.durationMs ?? Infinity);
  });

  it('comes from the cache if the same was spoken before, and is billed for nothing', async () => {
    const { episodes, provider } = await bench.open();
    await reaches(episodes, (await make(episodes, TWO_VOICES)).id, 'completed');
    const { progress } = await reaches(episodes, (await make(episodes, TWO_VOICES)).id, 'completed');
    expect(provider.requests).toHaveLength(3);
    expect(progress).toMatchObject({ cacheHits: 3, billedCharacters: 0 });
  });

  it('goes on after a restart, and asks for nothing again that was done', async () => {
    const first = await bench.open({ until: ({ text }) => (text.startsWith('It') ? undefined : new Promise(() => undefined)) });
    const { id } = await make(first.episodes, TWO_VOICES);
    for await (const { episode } of first.episodes.changes(id, 0, never())) if (episode.progress.done === 1) break;
    await first.close();
    const second = await bench.open();
    await reaches(second.episodes, id, 'completed');
    expect(second.provider.texts.toSorted()).toEqual(['And all night, too.', 'Then it stopped.']);
  });

  it('speaks at most so many segments at once, and fewer when the vendor has too many', async () => {
    let refusals = 2;
    let bothAreOpen: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (bothAreOpen = resolve));
    const { episodes, provider } = await bench.open(
      {
        until: () => first,
        failure: () => (refusals-- > 0 ? new ProviderError('fake', 'rate_limited', 'busy', { retryAfterMs: 1 }) : undefined),
      },
      { parallel: 2 },
    );
    const script = Array.from({ length: 8 }, (_, i) => `Paragraph number ${i}.`).join('\n\n');
    const { id } = await make(episodes, { script });
    await provider.when((requests) => requests.length === 2);
    bothAreOpen();
    const { progress } = await reaches(episodes, id, 'completed');
    expect(provider.mostOpen).toBe(2);
    expect(progress).toMatchObject({ done: 8, retries: 2 });
  });

  it('fails in plain words when the vendor refuses for good, and ends its other work', async () => {
    const { episodes, provider } = await bench.open({
      until: ({ text }) => (text.startsWith('It') ? undefined : new Promise(() => undefined)),
      failure: () => new ProviderError('fake', 'quota', 'secret words of the vendor'),
    });
    const { id } = await make(episodes, TWO_VOICES);
    const { error } = await reaches(episodes, id, 'failed');
    await provider.when((requests) => requests.every(({ outcome }) => outcome !== 'open'));
    expect(error).toMatch(/used up|limit|quota/i);
    expect(error).not.toContain('secret');
  });

  it('is deleted while it is rendered with everything that belongs to it', async () => {
    const { episodes, provider, cache } = await bench.open({
      until: ({ text }) => (text.startsWith('Then') ? new Promise(() => undefined) : undefined),
    });
    const { id } = await make(episodes, TWO_VOICES);
    const audio = episodes.audio(id, never());
    await audio.next();
    for await (const { episode } of episodes.changes(id, 0, never())) if (episode.progress.done === 2) break;
    await episodes.delete(id);
    await provider.when((requests) => requests.every(({ outcome }) => outcome !== 'open'));
    await expect(samplesOf(audio)).rejects.toThrow('deleted');
    expect(existsSync(folderOf(id))).toBe(false);
    expect(cache.counts.entries).toBe(0);
  });

  it('is spoken as dialogue by a model that speaks nothing else, with words spelled as they are spoken', async () => {
    const { episodes, provider } = await bench.open();
    const { id } = await make(episodes, {
      script: 'We use nginx here.',
      model: 'eleven_v3',
      pronunciations: [{ word: 'nginx', say: 'engine x', alphabet: 'spelling' }],
    });
    await reaches(episodes, id, 'completed');
    expect(provider.requests).toMatchObject([{ kind: 'dialogue', text: 'We use engine x here.', voiceId: 'anna' }]);
    const [{ id: segmentId }] = await episodes.store.segments(id);
    expect((await episodes.store.alignment(segmentId))?.chars.join('')).toBe('We use nginx here.');
  });

  it('has the last of several edits that are made at once', async () => {
    const { episodes } = await bench.open();
    const { id } = await make(episodes, TWO_VOICES);
    const [first] = await episodes.store.segments(id);
    await Promise.all(['One of them.', 'Another one.', 'The very last one.'].map((text) => episodes.editSegment(first.id, { text })));
    await reaches(episodes, id, 'completed');
    expect((await episodes.store.segment(first.id))?.text).toBe('The very last one.');
    expect(withoutTimes(await readFile(join(folderOf(id), 'captions.vtt'), 'utf8'))).toContain('The very last one.');
  });

  it('renders a segment again whose audio was lost before it was put together', async () => {
    const { episodes, provider } = await bench.open({
      until: ({ text }) => (text.startsWith('Then') && provider.requests.length < 5 ? later : undefined),
    });
    let goOn: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (goOn = resolve));
    const { id } = await make(episodes, TWO_VOICES);
    for await (const { episode } of episodes.changes(id, 0, never())) if (episode.progress.done === 2) break;
    const [first] = await episodes.store.segments(id);
    await episodes.files.delete(id, { type: 'segment', segmentId: first.id });
    goOn();
    await reaches(episodes, id, 'completed');
    // From the cache.
    expect(provider.requests).toHaveLength(3);
  });
});
