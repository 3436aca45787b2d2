import { chromium } from '@playwright/test';
import { fixture, poll, ServerProcess, sleep } from '@parley/testing/client';
import { EchoRoom } from './support/echo-room';
import { quantile } from './support/quantile';
import { Tab } from './support/tab';
import { FLAGS } from './support/browser';
import { expect, test } from './support/test';

/** Set `ECHO_MINUTES`, `ECHO_MODE` or `ECHO_DB` (e.g. 1, resumable, -6) for a run other than that of the targets. */
const MINUTES = Number(process.env['ECHO_MINUTES'] ?? 5);
const MODE = process.env['ECHO_MODE'] ?? 'immediate';
const ECHO_DB = Number(process.env['ECHO_DB'] ?? 0);
const LISTEN_AGAIN_MS = 300;
const WORDS_WITHIN_MS = 8_000;

test(`the assistant does not interrupt itself in ${MINUTES} minutes of its own echo, and hears users who speak over it`, async () => {
  const room = await EchoRoom.open(ECHO_DB);
  const server = await ServerProcess.start({ INTERRUPTION_MODE: MODE });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    env: room.env,
    ignoreDefaultArgs: ['--mute-audio'],
    args: [...FLAGS, '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const tab = await Tab.open(browser, server, server.url);
    await tab.start();
    const settings = await tab.page.evaluate(() => window.observation.streams[0]?.getAudioTracks()[0]?.getSettings());
    while ((await tab.audibleMs()) < MINUTES * 60_000) await keepTelling(tab);
    const spokenMs = await tab.audibleMs();
    const selfInterruptions = tab.wire.of('interruption').filter(({ reason }) => reason === 'speech');
    const ducks = tab.wire.of('duck').filter(({ active }) => active).length;
    const pauses = tab.wire.of('pause').filter(({ active }) => active).length;
    const echoed = tab.wire.of('transcript').filter(({ text }) => text !== '' && text !== 'tell me a long story');
    const whileHeard = (await tab.blocks())
      .filter(({ played }) => played > 0.02)
      .map(({ captured }) => 20 * Math.log10(Math.max(captured, 1e-5)));

    // A user speaks over the assistant.
    await keepTelling(tab);
    await tab.reaches('AI_SPEAKING');
    await sleep(3_000);
    const before = tab.wire.of('interruption').length;
    await room.say(fixture('interrupt-else.wav').pcm);
    // The test requires an interruption. What is recognised in mixed voices is only reported.
    await expect.poll(() => tab.wire.of('interruption').length, { timeout: 5_000 }).toBeGreaterThan(before);
    const turn = (tab.wire.of('interruption').at(-1)?.turn ?? 0) + 1;
    const transcripts = (): { text: string; is_final: boolean }[] =>
      tab.wire.of('transcript').filter((transcript) => transcript.turn >= turn);
    const finalWords = (): string | undefined => transcripts().find(({ text, is_final: isFinal }) => isFinal && text !== '')?.text;
    const isKnown = (words: string | undefined): boolean => words !== undefined;
    await poll('words', async () => finalWords(), isKnown, WORDS_WITHIN_MS).catch(() => undefined);
    const failures = tab.wire.of('error').map(({ code }) => code);
    process.stdout.write(
      [
        '',
        `| echo loop, ${MODE}, echo ${ECHO_DB} dB, echo cancellation ${String(settings?.echoCancellation)} | |`,
        '| --- | --- |',
        `| speech played into the own microphone | ${(spokenMs / 60_000).toFixed(1)} min |`,
        `| interruptions by itself | ${selfInterruptions.length} |`,
        `| ducked / paused by itself | ${ducks} / ${pauses} |`,
        `| words of its own taken for the user’s | ${echoed.map(({ text }) => text).join('; ') || 'none'} |`,
        `| microphone while it speaks, dBFS: median / 99 % / max | ${[0.5, 0.99, 1].map((share) => quantile(whileHeard, share).toFixed(0)).join(' / ')} |`,
        `| a voice over it | interrupts; its words: ${
          finalWords() ??
          `not recognised (${transcripts()
            .map(({ text }) => `“${text}”`)
            .join(', ')})`
        } |`,
        `| failures of the server meanwhile | ${failures.join(', ') || 'none'} |`,
        '',
      ].join('\n'),
    );
    expect(selfInterruptions).toEqual([]);
  } finally {
    await browser.close();
    await server.stop();
    await room.close();
  }
});

/** Asks for the story again whenever nobody speaks; checks at short intervals. */
async function keepTelling(tab: Tab): Promise<void> {
  if ((await tab.state.getAttribute('data-state')) === 'USER_SPEAKING') await tab.type('tell me a long story');
  await sleep(LISTEN_AGAIN_MS);
}
