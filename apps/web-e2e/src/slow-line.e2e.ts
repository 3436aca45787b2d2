import { expect, test } from './support/test';

test('on a slow connection the page shows every step of a turn and nothing else', async ({ openTab }) => {
  const tab = await openTab();
  await tab.slowDown();
  await tab.start();
  await tab.type('what time is it');
  await tab.reaches('AI_SPEAKING');
  await tab.reaches('USER_SPEAKING');
  expect(await tab.stateWords()).toEqual(['Ready', 'Connecting', 'Listening', 'Thinking', 'Speaking', 'Listening']);
});
