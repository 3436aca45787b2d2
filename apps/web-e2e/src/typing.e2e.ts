import { expect, test } from './support/test';

test('a typed question is answered aloud while the microphone is open', async ({ openTab }) => {
  const tab = await openTab();
  await tab.start();
  await tab.type('what time is it');
  await expect(tab.textInput).toHaveValue('');
  await expect(tab.said('user')).toHaveText([/what time is it/]);
  await expect(tab.said('assistant', 1)).toContainText('It is');
  await tab.isHeardFor(1_000);
});

test('refusing the microphone is reported, and typing still works', async ({ openTab }) => {
  const tab = await openTab({ microphoneAllowed: false });
  await tab.start();
  await expect(tab.notices).toHaveCount(1);
  await expect(tab.notices).toContainText('The microphone is not allowed');
  await expect(tab.notices).toContainText('You can type instead');
  await expect(tab.state).toHaveText('Your turn');
  await expect(tab.control('mute')).toBeDisabled();

  await tab.type('what is seven plus five');
  await expect(tab.said('assistant', 1)).toContainText('twelve');
  await tab.isHeardFor(500);
  expect(await tab.trackStates()).toEqual([]);
});
