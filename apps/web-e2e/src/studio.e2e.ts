import { readFileSync } from 'node:fs';
import type { JSHandle, Page } from '@playwright/test';
import type { Episode, EpisodeSummary } from '@parley/protocol';
import { pitchHz } from './support/pitch';
import type { Tab } from './support/tab';
import { expect, pictures, test } from './support/test';

/** An episode is made by a machine that may be busy with other tests. */
const MADE = { timeout: 40_000 };

/** Goes from the assistant to the studio. */
async function openStudio({ page }: Tab): Promise<void> {
  await page.getByRole('link', { name: 'Studio' }).click();
  await expect(page.getByTestId('make')).toBeEnabled();
}

const isFinished = (page: Page): Promise<void> => expect(page.getByTestId('episode')).toHaveAttribute('data-state', 'completed', MADE);

/** The newest episode of the server. */
async function newestEpisode(page: Page): Promise<Episode> {
  const [{ id }] = (await (await page.request.get('/api/narrations')).json()) as EpisodeSummary[];
  return (await (await page.request.get(`/api/narrations/${id}`)).json()) as Episode;
}

/** A caption by its words, and the word of it that is marked. */
const heardIn = (page: Page, words: string) => page.locator('.caption', { hasText: words }).locator('.heard');

/** The words of live text that are marked from now on, in order. */
function watchMarkedWords(page: Page): Promise<JSHandle<string[]>> {
  return page.evaluateHandle(() => {
    const words: string[] = [];
    const look = (): void => {
      const word = document.querySelector('[data-testid=live-text] mark')?.textContent;
      if (word && words.at(-1) !== word) words.push(word);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    return words;
  });
}

/** Presses Tab until the control whose name begins like this has the focus. */
async function reachByTab(page: Page, name: string): Promise<void> {
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused()).startsWith(name)) return;
  }
  throw new Error(`${name} is not reached with Tab`);
}

test('on the first visit, one click makes an episode of two voices, which is heard, read along and downloaded', async ({
  openTab,
  startServer,
}) => {
  test.setTimeout(120_000);
  const tab = await openTab({ keepsSamples: true, server: await startServer() });
  const { page } = tab;
  await openStudio(tab);
  await pictures(tab, 'studio-first');
  await page.getByTestId('make').click();
  await isFinished(page);
  await expect(page.getByTestId('progress-count')).toHaveText(/^(\d+) of \1 segments$/);
  await expect(heardIn(page, 'You write a line')).toHaveCount(1, { timeout: 20_000 });
  const { segments } = await newestEpisode(page);
  const [host, guest] = segments.map(({ start_ms = 0, duration_ms = 0 }) => ({ startMs: start_ms, endMs: start_ms + duration_ms }));
  const [first] = await tab.heard();
  await tab.hasListenedUntil(first.startMs + guest.endMs, 30_000);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();

  const recording = await tab.samples('played');
  const pitch = (span: { startMs: number; endMs: number }): number =>
    pitchHz(recording, first.startMs + span.startMs, first.startMs + span.endMs);
  const pitches = [pitch(host), pitch(guest)].sort((a, b) => a - b);
  expect(pitches[1] / pitches[0], `two voices, at ${pitches.map(Math.round).join(' and ')} Hz`).toBeGreaterThan(1.15);

  const last = segments.at(-1)?.start_ms ?? 0;
  await page.getByTestId('seek').fill(((last + 300) / 1000).toFixed(1));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(heardIn(page, 'So you hear the beginning')).toHaveCount(1);
  await page.getByText('nobody', { exact: true }).click();
  await expect(heardIn(page, 'nobody had to be recorded')).toHaveCount(1);
  await page.getByRole('group', { name: 'Chapters' }).getByText('How it is made').click();
  await expect(heardIn(page, 'Long texts are cut')).toHaveCount(1);
  await pictures(tab, 'studio-finished');

  await page.getByTestId('downloads').locator('summary').click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'MP3' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/first.episode\.mp3$/i);
  expect(
    readFileSync(await download.path())
      .subarray(0, 3)
      .toString(),
  ).toBe('ID3');
});

test('the browser itself reads the captions', async ({ openTab }) => {
  const tab = await openTab();
  const { page } = tab;
  await openStudio(tab);
  await page.getByTestId('make').click();
  await isFinished(page);
  const { id } = await newestEpisode(page);
  const cues = await page.evaluate(async (episodeId) => {
    const audio = document.createElement('audio');
    const track = document.createElement('track');
    Object.assign(track, { kind: 'captions', srclang: 'en', src: `/api/narrations/${episodeId}/captions.vtt`, default: true });
    audio.append(track);
    document.body.append(audio);
    await new Promise((resolve, reject) => {
      track.onload = resolve;
      track.onerror = () => reject(new Error('the captions did not load'));
      track.track.mode = 'hidden';
    });
    return [...(track.track.cues ?? [])].map((cue) => {
      // The browser makes an instruction of each time of a word that it understands.
      const content = (cue as VTTCue).getCueAsHTML();
      const nodes = document.createTreeWalker(content, NodeFilter.SHOW_PROCESSING_INSTRUCTION);
      let times = 0;
      while (nodes.nextNode()) times++;
      return { start: cue.startTime, end: cue.endTime, text: content.textContent ?? '', times };
    });
  }, id);
  expect(cues.map(({ text }) => text).join(' ')).toContain('welcome to the studio');
  expect(cues.filter(({ start, end }, index) => start >= end || start < (cues[index - 1]?.start ?? 0))).toEqual([]);
  for (const { text, times } of cues) expect(times).toBeGreaterThanOrEqual(text.split(/\s+/).length - 2);
});

test('what is typed is heard while it is typed', async ({ openTab }) => {
  const tab = await openTab();
  const { page } = tab;
  await openStudio(tab);
  const heard = await watchMarkedWords(page);
  await page.getByTestId('listen-typing').click();
  await page.keyboard.press('Alt+e');
  await page.keyboard.type('\nGUEST: The sun is up. We go out now. ');
  await expect(page.getByTestId('live-text')).toContainText('We go out now.');
  await tab.isHeardFor(1_000);
  await expect(page.getByTestId('live-text').locator('mark')).toHaveText('now.');
  const marked = await heard.evaluate((words) => words.join(' '));
  // A picture that the browser leaves out may leave out a word.
  expect(marked).toMatch(/^(The )?(sun )?(is )?(up. )?(We )?(go )?(out )?now.$/);
  expect(marked.split(' ').length).toBeGreaterThan(2);
  await page.getByTestId('narration-metrics').locator('summary').click();
  await expect(page.locator('[data-figure="Time to first byte"]')).toHaveText(/\d ms/);
  await page.keyboard.press('Alt+l');
  await expect(page.getByTestId('listen-typing')).toHaveAttribute('aria-pressed', 'false');
});

test('reading goes on behind the last word that was heard when the connection breaks', async ({ openTab }) => {
  const tab = await openTab();
  const { page } = tab;
  let connections = 0;
  await page.routeWebSocket('**/ws/narration', (socket) => {
    connections += 1;
    const breaks = connections === 1;
    let audioMessages = 0;
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (typeof message !== 'string') audioMessages += 1;
      if (breaks && audioMessages === 12) void socket.close({ code: 1011 });
      else socket.send(message);
    });
  });
  await openStudio(tab);
  await page.getByTestId('read-aloud').click();
  await expect(page.getByTestId('notice')).toContainText('The connection is lost', { timeout: 20_000 });
  await expect(page.getByTestId('live-text')).toContainText('while the end is still being made.', { timeout: 40_000 });
  expect(connections).toBe(2);
  const text = (await page.getByTestId('live-text').textContent()) ?? '';
  expect(text.replace(/\s+/gu, ' ')).toContain(
    'Good morning, and welcome to the studio. Two of us are speaking, and nobody had to be recorded. You write',
  );
});

test('a mistake in the script is shown at its line, and such a script is not rendered', async ({ openTab }) => {
  const tab = await openTab();
  const { page } = tab;
  await openStudio(tab);
  await page.keyboard.press('Alt+e');
  await page.keyboard.type('HOST: Wait [pause long] now.');
  const line = await page.locator('.cm-lineNumbers .cm-gutterElement').last().textContent();
  await expect(page.getByTestId('problems')).toContainText(`Line ${line}, column 12`);
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(1);
  await expect(page.getByTestId('make')).toBeDisabled();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('episode')).toHaveCount(0);
  await pictures(tab, 'studio-mistake');

  await page.getByTestId('problems').getByRole('button').click();
  await expect(page.getByRole('textbox', { name: 'Script' })).toBeFocused();
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('for me.');
  await expect(page.getByTestId('problems')).toBeEmpty();
  await expect(page.getByTestId('make')).toBeEnabled();
});

test('the studio is used with the keyboard alone', async ({ openTab }) => {
  test.setTimeout(120_000);
  const tab = await openTab();
  const { page } = tab;
  const reach = (name: string): Promise<void> => reachByTab(page, name);
  await reach('Studio');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('make')).toBeEnabled();
  await reach('Script');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('HOST: Goodbye.');
  await reach('Make the episode');
  await page.keyboard.press('Enter');
  await isFinished(page);
  await tab.isHeardFor(500);
  await page.keyboard.press('Alt+p');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await reach('Place in the episode');
  await page.keyboard.press('Home');
  await expect(page.getByTestId('play-time')).toHaveText(/^0:00/);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('play-time')).toHaveText(/^0:05/);
  await reach('0:');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('play-time')).toHaveText(/^0:00/);
  await reach('Edit segment 1');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('segment-text')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Good evening.');
  await reach('Render again');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-segment="0"]')).toContainText('Good evening.');
  await expect(page.locator('.caption').first()).toContainText('Good evening.', MADE);
});
