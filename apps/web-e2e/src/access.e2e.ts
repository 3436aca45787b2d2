import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

// Servers of their own are started here, on a machine that may be busy with other tests.
test.describe.configure({ timeout: 180_000 });

const SECRET = { SESSION_TOKEN_SECRET: 'a-secret-of-at-least-thirty-two-characters' };

/** What the browser kept the page from, because the content security policy forbids it, since the page was loaded. */
async function watchViolations(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  return () => page.evaluate(() => Reflect.get(window, 'violations') as string[]);
}

const tokenOf = (url: string): string => new URL(url).searchParams.get('token') ?? '';

test('the page holds a conversation with a server that needs session tokens, with a new one for each connection', async ({
  openTab,
  startServer,
}) => {
  const server = await startServer(SECRET);
  const tab = await openTab({ microphone: 'time', server, expectedProblems: /WebSocket|Failed to load resource|net::ERR/ });
  await tab.start();
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-final', 'true');
  await server.kill();
  await server.restart();
  await expect.poll(() => tab.wires.filter((wire) => wire.of('conversation_started').length > 0).length, { timeout: 30_000 }).toBe(2);
  await tab.control('end').click();
  const tokens = tab.wires.map(({ url }) => tokenOf(url));
  expect(tokens.every((token) => token.split('.').length === 3)).toBe(true);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) expect(server.log()).not.toContain(token);
});

test('the studio speaks what is typed, and makes an episode, on a server that needs session tokens', async ({ openTab, startServer }) => {
  const tab = await openTab({ server: await startServer(SECRET) });
  const { page } = tab;
  const violations = await watchViolations(page);
  await page.goto('/studio');
  await expect(page.getByTestId('make')).toBeEnabled();
  await page.getByTestId('read-aloud').click();
  await expect(page.getByTestId('live-text')).not.toBeEmpty();
  await page.getByTestId('read-aloud').click();
  await page.getByTestId('make').click();
  await expect(page.getByTestId('episode')).toHaveAttribute('data-state', 'completed', { timeout: 60_000 });
  expect(await violations()).toEqual([]);
});

test('no page does anything that the content security policy forbids, and the policy is in force', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'time', expectedProblems: /Content Security Policy/ });
  const { page } = tab;
  const violations = await watchViolations(page);
  for (const path of ['/rooms', '/studio', '/assistant']) {
    const answer = await page.goto(path);
    expect(answer?.headers()).toMatchObject({ 'content-security-policy': expect.stringContaining("default-src 'self'") });
    expect(answer?.headers()).not.toHaveProperty('x-powered-by');
    await expect(page.locator('main')).toBeVisible();
    expect(await violations()).toEqual([]);
  }
  await tab.start();
  await expect(tab.said('assistant', 1)).toHaveAttribute('data-final', 'true');
  await tab.isHeardFor(200, 0, 30_000);
  expect(await violations()).toEqual([]);
  await tab.control('end').click();

  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.wasRun = true';
    document.body.append(script);
  });
  await expect.poll(violations).toEqual([expect.stringContaining('script-src')]);
  expect(await page.evaluate(() => Reflect.get(window, 'wasRun'))).toBeUndefined();
});
