import { expect, pictures, test } from './support/test';

test('the page fits a desktop and a phone, by day and by night', async ({ openTab }) => {
  const tab = await openTab();
  await expect(tab.providers).toContainText('built-in demo');
  await pictures(tab, 'idle');

  await tab.start();
  await tab.type('tell me a joke');
  await expect(tab.said('assistant', 1)).toContainText('seconds');
  await tab.type('tell me a long story');
  await expect(tab.said('assistant', 2)).toContainText('windows of the village');
  await tab.reaches('AI_SPEAKING');
  await pictures(tab, 'conversation');

  await tab.unplugMicrophone();
  await expect(tab.notices).toHaveCount(1);
  await pictures(tab, 'error');
});
