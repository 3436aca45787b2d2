import type { RoomsUnderTest } from '@parley/rooms/testing';
import { fixture } from '@parley/testing/client';
import type { RoomAsShown, ShownText } from './components-page/observe-room';
import { ComponentsPage } from './support/components-page';
import { SOON } from './support/room-tab';
import { expect, test as base } from './support/rooms-test';

/** Somebody without a microphone who has joined with LiveKit's components, in a room of their own. */
const test = base.extend<{ observer: ComponentsPage; room: string }>({
  room: async ({ rooms }, use) => {
    await use(rooms.newRoom());
    await rooms.everybodyLeaves();
  },

  observer: async ({ rooms, room }, use) => {
    const page = await ComponentsPage.open();
    try {
      await page.join(await rooms.access({ room, identity: 'observer' }));
      await use(page);
    } finally {
      await page.close();
    }
  },
});

/** Resolves with what is shown when it is as expected. */
async function untilShown(page: ComponentsPage, isAsExpected: (shown: RoomAsShown) => boolean, what: string): Promise<RoomAsShown> {
  await expect.poll(async () => isAsExpected(await page.shown()), { message: what, ...SOON }).toBe(true);
  return page.shown();
}

const isFinal = ({ attributes }: ShownText): boolean => attributes['lk.transcription_final'] === 'true';

const finalFrom = ({ transcription }: RoomAsShown, identity: string | undefined, words: RegExp): ShownText | undefined =>
  transcription.find((text) => text.from === identity && isFinal(text) && words.test(text.text));

/** Somebody else says their name as soon as the assistant listens. Resolves when the assistant has answered and listens again. */
async function sayName(rooms: RoomsUnderTest, room: string, observer: ComponentsPage): Promise<RoomAsShown> {
  const asha = await rooms.join({ room, identity: 'asha' });
  await untilShown(observer, ({ states }) => states.at(-1) === 'listening', 'an assistant that listens');
  await asha.say(fixture('clean-name.wav').pcm);
  return untilShown(
    observer,
    (now) => finalFrom(now, now.assistant, /nice to meet you, peter/i) !== undefined && now.states.at(-1) === 'listening',
    'the answer, and an assistant that listens again',
  );
}

test('LiveKit’s own components show what the assistant does', async ({ rooms, room, observer }) => {
  const shown = await sayName(rooms, room, observer);
  expect(shown.assistant).toMatch(/^agent-/);
  expect(shown.states.filter((state) => state === 'speaking')).toHaveLength(1);
  expect(shown.states.indexOf('listening')).toBeLessThan(shown.states.indexOf('speaking'));
  await untilShown(observer, ({ speaking }) => speaking.includes(true), 'an assistant that is shown to speak');
});

test('LiveKit’s own components show what everybody says, each segment once and at last as final', async ({ rooms, room, observer }) => {
  const shown = await sayName(rooms, room, observer);
  const said = finalFrom(shown, 'asha', /my name is peter/i);
  const answer = finalFrom(shown, shown.assistant, /nice to meet you, peter/i);
  expect(said?.attributes['lk.transcribed_track_id']).toBe(shown.tracks['asha']);
  expect(answer?.attributes['lk.transcribed_track_id']).toBe(shown.tracks[shown.assistant ?? '']);
  const ids = shown.transcription.map(({ attributes }) => attributes['lk.segment_id']);
  expect(new Set(ids).size, 'each segment is shown once').toBe(ids.length);
  expect(shown.transcription.filter((text) => !isFinal(text))).toEqual([]);
  expect(shown.transcription.indexOf(said as ShownText)).toBeLessThan(shown.transcription.indexOf(answer as ShownText));
});

test('LiveKit’s own components show the words of each track', async ({ rooms, room, observer }) => {
  const shown = await sayName(rooms, room, observer);
  const segments = Object.values(shown.segments);
  const wordsOf = (identity: string | undefined): string =>
    segments
      .filter(({ owner }) => owner === identity)
      .map(({ text }) => text)
      .join(' ');
  expect(wordsOf('asha')).toMatch(/my name is peter/i);
  expect(wordsOf(shown.assistant)).toMatch(/nice to meet you, peter/i);
  expect(segments.filter((segment) => !segment.isFinal)).toEqual([]);
});

test('what is written with LiveKit’s own chat is answered once', async ({ observer }) => {
  await untilShown(observer, ({ states }) => states.at(-1) === 'listening', 'an assistant that listens');
  await observer.write('what is seven plus five');
  const shown = await untilShown(
    observer,
    (now) => finalFrom(now, now.assistant, /twelve/i) !== undefined && now.states.at(-1) === 'listening',
    'the answer',
  );
  expect(shown.chat).toEqual([{ from: 'observer', text: 'what is seven plus five', attributes: {} }]);
  expect(shown.states.filter((state) => state === 'speaking')).toHaveLength(1);
  expect(shown.transcription.filter(({ from }) => from === shown.assistant)).toHaveLength(1);
});
