import { expect, pictures, test } from './support/test';

test('the page fits a choice of engines', async ({ openTab }) => {
  const tab = await openTab();
  await tab.page.getByLabel('Pipeline').focus();
  await tab.page.keyboard.press('ArrowRight');
  await expect(tab.page.getByLabel('ElevenLabs agent')).toBeChecked();
  await tab.page.reload();
  await expect(tab.page.getByLabel('ElevenLabs agent')).toBeChecked();
  await pictures(tab, 'engines');

  await tab.control('start').click();
  await tab.reaches('AI_SPEAKING');
  await pictures(tab, 'agent-greets');
  await tab.reaches('USER_SPEAKING');
  await tab.type('tell me a joke');
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');
  const toldFromMs = (await tab.blocks()).at(-1)?.atMs;
  await tab.type('tell me a long story');
  await expect(tab.said('assistant', 3)).toContainText('village');
  await tab.isHeardFor(2_500, toldFromMs);
  await tab.control('stop').click();
  await expect(tab.said('assistant', 3).locator('.line-unheard')).not.toBeEmpty();
  await pictures(tab, 'agent');
  await tab.providers.locator('summary').click();
  await pictures(tab, 'agent-services');
  await tab.providers.locator('summary').click();
  await tab.metrics.locator('summary').click();
  await pictures(tab, 'agent-latency');
});

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

  await tab.isHeardFor(2_500);
  await tab.control('stop').click();
  await expect(tab.said('assistant', 2).locator('.line-unheard')).not.toBeEmpty();
  await tab.metrics.locator('summary').click();
  await pictures(tab, 'stopped');

  await tab.unplugMicrophone();
  await expect(tab.notices).toHaveCount(1);
  await pictures(tab, 'error');
});
