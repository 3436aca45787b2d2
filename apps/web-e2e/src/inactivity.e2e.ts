import { NO_RESOURCES } from '@parley/testing/client';
import { expect, test } from './support/test';

test('a conversation in which nobody says anything ends, and can be started again', async ({ openTab, startServer }) => {
  const server = await startServer({ INACTIVITY_TIMEOUT_MS: '3000' });
  const tab = await openTab({ server });
  await tab.start();

  await expect(tab.notices).toContainText('The conversation ended after 3 seconds without speech');
  await expect(tab.state).toHaveText('Ready');
  expect(await tab.trackStates()).toEqual(['ended']);
  await expect.poll(() => server.resources()).toEqual(NO_RESOURCES);

  await tab.start();
  await expect(tab.notices).toHaveCount(0);
  await tab.type('what time is it');
  await expect(tab.said('assistant', 1)).toContainText('It is');
});
