import { chaptersJson } from './chapters-json';

describe('chaptersJson', () => {
  it('has the form of the podcast namespace, with times in seconds', () => {
    const json = chaptersJson({
      title: 'Über Flüsse',
      podcastName: 'Das Gespräch',
      chapters: [
        { title: 'Quelle', startMs: 0 },
        { title: 'Mündung "Delta"', startMs: 61_234.6 },
      ],
      durationMs: 120_000,
    });
    expect(JSON.parse(json)).toEqual({
      version: '1.2.0',
      title: 'Über Flüsse',
      podcastName: 'Das Gespräch',
      chapters: [
        { startTime: 0, endTime: 61.235, title: 'Quelle' },
        { startTime: 61.235, endTime: 120, title: 'Mündung "Delta"' },
      ],
    });
  });

  it('can be without chapters', () => {
    expect(JSON.parse(chaptersJson({ title: 'a', chapters: [], durationMs: 0 }))).toEqual({ version: '1.2.0', title: 'a', chapters: [] });
  });
});
