import { expect, test } from './support/test';

test('an unplugged microphone is reported, and the conversation continues in writing', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'time' });
  await tab.start();
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await tab.reaches('USER_SPEAKING');

  await tab.unplugMicrophone();
  await expect(tab.notices).toContainText('The microphone was unplugged');
  await expect(tab.notices).toContainText('You can type instead');
  await expect(tab.state).toHaveText('Your turn');
  await tab.type('tell me a joke');
  await expect(tab.said('assistant', 2)).toContainText('clock');
  await tab.isHeardFor(3_000);

  await tab.control('microphone').click();
  await expect(tab.notices).toHaveCount(0);
  await expect(tab.control('mute')).toBeEnabled();
  expect(await tab.trackStates()).toEqual(['ended', 'live']);
});
