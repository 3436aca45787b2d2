import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHUNK_SCHEDULES, cutSegments, parseScript } from '@parley/narration';

const PAGE = readFileSync(join(__dirname, '../narration.md'), 'utf8');

/** The scripts that the page shows, by their format. */
const scripts = [...PAGE.matchAll(/^```(markdown|screenplay)\n([^]*?)^```$/gm)].map(([, format = '', script = '']) => ({ format, script }));

describe('the page about narration', () => {
  it.each(scripts)('shows a $format script without mistakes, which is recognised as such', ({ format, script }) => {
    const parsed = parseScript(script);
    expect(parsed.problems).toEqual([]);
    expect(parsed.format).toBe(format);
    const { segments, chapters } = cutSegments(parsed.elements);
    expect(segments.length).toBeGreaterThan(2);
    expect(chapters.length).toBeGreaterThan(0);
    expect(parsed.title).toEqual(expect.any(String));
  });

  it('shows both kinds of scripts', () => {
    expect(scripts.map(({ format }) => format)).toEqual(['markdown', 'screenplay']);
  });

  it('names the schedules that there are', () => {
    for (const [name, schedule] of Object.entries(CHUNK_SCHEDULES)) {
      const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      expect(row).toContain(`${schedule.slice(0, -1).join(', ')}, then ${schedule.at(-1)}`);
    }
  });
});
