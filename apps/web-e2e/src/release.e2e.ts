import { NO_RESOURCES } from '@parley/testing/client';
import { expect, test } from './support/test';

test('closing a tab while the assistant speaks leaves nothing on the server', async ({ openTab }) => {
  const tab = await openTab();
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(500);
  expect(await tab.server.resources()).toMatchObject({ parley_connections: 1, parley_sessions: 1 });

  await tab.page.close();
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
});

test('reloading a tab while the assistant answers starts again and leaves nothing on the server', async ({ openTab }) => {
  const tab = await openTab();
  await tab.start();
  await tab.type('tell me a long story');
  await tab.isHeardFor(500);

  await tab.page.reload();
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
  await expect(tab.state).toHaveText('Ready');
  await expect(tab.said('assistant')).toHaveCount(0);

  await tab.start();
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
});
