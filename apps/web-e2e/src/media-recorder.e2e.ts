import { NO_RESOURCES } from '@parley/testing/client';
import { talkByRecorder } from './in-page/talk-by-recorder';
import { expect, note, test } from './support/test';

test('a page that sends WebM recordings in JSON is understood while it records', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'time' });
  const { mimeType, chunkBytes, closeCode } = await tab.page.evaluate(talkByRecorder, {
    url: `${tab.server.url.replace('http', 'ws')}/ws`,
    startsItself: false,
  });
  expect(mimeType).toBe('audio/webm;codecs=opus');
  expect(closeCode).toBe(1000);
  expect(chunkBytes.length, 'chunks of a recording that goes on').toBeGreaterThan(30);

  expect(tab.wire.of('error')).toEqual([]);
  const finals = tab.wire.of('transcript').filter((transcript) => transcript.is_final);
  expect(finals.map(({ turn, text }) => [turn, text.toLowerCase()])).toEqual([[1, expect.stringContaining('what time is it')]]);
  const answer = tab.wire.of('text_response').find((piece) => piece.is_final);
  expect(answer?.full_text).toMatch(/It is (noon|midnight|.+ in the (morning|afternoon|evening))/);
  const speech = tab.wire.of('audio_response');
  expect(speech.reduce((characters, { data }) => characters + data.length, 0)).toBeGreaterThan(20_000);
  expect(tab.wire.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
  const kbitPerSecond = (chunkBytes.reduce((sum, bytes) => sum + bytes, 0) * 8) / (chunkBytes.length * 100);
  note('the recorder’s bit rate; PCM takes 256 kbit/s', `${kbitPerSecond.toFixed(0)} kbit/s`);
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
});

test('a page that sends WebM recordings is understood by the agent, whose endpoint starts by itself', async ({ openTab }) => {
  const tab = await openTab({ microphone: 'joke' });
  const { mimeType, closeCode } = await tab.page.evaluate(talkByRecorder, {
    url: `${tab.server.url.replace('http', 'ws')}/ws/agent`,
    startsItself: true,
  });
  expect(mimeType).toBe('audio/webm;codecs=opus');
  expect(closeCode).toBe(1000);

  expect(tab.wire.of('error')).toEqual([]);
  expect(tab.wire.of('conversation_started')).toEqual([expect.objectContaining({ engine: 'agent' })]);
  // The greeting is turn 1.
  const finals = tab.wire.of('transcript').filter((transcript) => transcript.is_final);
  expect(finals.map(({ turn, text }) => [turn, text.toLowerCase()])).toEqual([[2, expect.stringContaining('joke')]]);
  const answer = tab.wire.of('text_response').findLast(({ turn, is_final: isFinal }) => turn === 2 && isFinal);
  expect(answer?.full_text).toMatch(/clock/);
  const speech = tab.wire.of('audio_response').filter(({ turn }) => turn === 2);
  expect(speech.reduce((characters, { data }) => characters + data.length, 0)).toBeGreaterThan(20_000);
  expect(tab.wire.messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
  await expect.poll(() => tab.server.resources()).toEqual(NO_RESOURCES);
});
