import { TcpProxy } from './support/tcp-proxy';
import { expect, test } from './support/test';

/** Longer than the question takes. */
const CONNECT_MS = 2_000;

test('words spoken right after Start are recognised, however slowly the connection opens', async ({ openTab, sharedServer }) => {
  const proxy = await TcpProxy.open(sharedServer.url);
  const tab = await openTab({ url: proxy.url, microphone: 'hasty' });
  proxy.delay(CONNECT_MS);
  await tab.control('start').click();
  await expect(tab.state).toHaveText('Connecting');
  await expect.poll(() => tab.spoken(), { message: 'the question is asked' }).toHaveLength(1);
  await tab.reaches('USER_SPEAKING');
  await expect(tab.said('user', 1)).toContainText('what time is it', { ignoreCase: true });
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await expect(tab.said('user')).toHaveCount(1);
  await expect(tab.notices).toHaveCount(0);
  await proxy.close();
});
