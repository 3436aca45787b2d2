import {
  DEFAULT_TURN_POLICY,
  type Journal,
  JOURNAL_VERSION,
  type JournalEntry,
  type TurnEffect,
  type TurnNotification,
  type UntimedTurnEvent,
  WORDS_HINT,
} from '@parley/conversation';
import type { Clip } from './find-clips';
import { journalTimeline } from './journal-timeline';

/** Where the monotonic clock stands when the first frame begins. */
const ZERO_MS = 50_000;

const step = (atMs: number, event: UntimedTurnEvent, ...effects: TurnEffect[]): JournalEntry => ({
  kind: 'step',
  line: 0,
  event: { ...event, atMs: ZERO_MS + atMs },
  effects,
  hints: [],
});
const frame = (audioMs: number, lateMs: number) => step(audioMs + lateMs, { type: 'audio_heard', audioMs });
const sent = (atMs: number, turn: number, durationMs: number): JournalEntry => ({
  kind: 'speech',
  line: 0,
  atMs: ZERO_MS + atMs,
  turn,
  seq: 0,
  samples: durationMs * 24,
  last: false,
});
const report = (atMs: number, turn: number, event: 'started' | 'ended') =>
  step(atMs, { type: 'playback_reported', turn, event, playedMs: 0 });
const told = (atMs: number, notification: TurnNotification) =>
  step(atMs, { type: 'interrupt_requested' }, { type: 'notify', notification });

const journal = (...entries: JournalEntry[]): Journal => ({
  engine: 'pipeline',
  header: { version: JOURNAL_VERSION, session: 's', startedAt: '', hint: WORDS_HINT, policy: DEFAULT_TURN_POLICY },
  entries: [frame(20, 3), frame(40, 0), ...entries],
  truncated: false,
});

const spansOf = (...entries: JournalEntry[]) =>
  journalTimeline(journal(...entries), new Int16Array(0), []).assistant.map(({ turn, startMs, endMs }) => [
    turn,
    startMs - ZERO_MS,
    endMs - ZERO_MS,
  ]);

describe('the assistant’s speech', () => {
  it('is heard from the client’s report on, for as long as what was sent', () => {
    expect(spansOf(sent(100, 1, 500), sent(120, 1, 700), report(200, 1, 'started'))).toEqual([[1, 200, 1_400]]);
  });

  it('begins after the player’s buffer where the client reports nothing', () => {
    expect(spansOf(sent(100, 1, 500))).toEqual([[1, 100 + DEFAULT_TURN_POLICY.playerBufferMs, 600 + DEFAULT_TURN_POLICY.playerBufferMs]]);
  });

  it('has a gap where the listener had run dry', () => {
    expect(spansOf(sent(0, 1, 100), report(10, 1, 'started'), sent(500, 1, 100))).toEqual([
      [1, 10, 110],
      [1, 500, 600],
    ]);
  });

  it('stops at an interruption', () => {
    expect(spansOf(sent(0, 1, 5_000), report(0, 1, 'started'), told(700, { type: 'interrupted', turn: 1, reason: 'speech' }))).toEqual([
      [1, 0, 700],
    ]);
  });

  it('stands still while it is paused, and ends later for it', () => {
    const pause = (atMs: number, active: boolean) => told(atMs, { type: 'paused', turn: 1, active });
    expect(spansOf(sent(0, 1, 1_000), report(0, 1, 'started'), pause(300, true), pause(750, false))).toEqual([
      [1, 0, 300],
      [1, 750, 1_450],
    ]);
  });

  it('ends where the client says so, and with the session', () => {
    expect(spansOf(sent(0, 1, 1_000), report(0, 1, 'started'), report(900, 1, 'ended'))).toEqual([[1, 0, 900]]);
    const end = step(400, { type: 'conversation_ended', reason: 'client' }, { type: 'end_session', reason: 'client' });
    expect(spansOf(sent(0, 1, 1_000), report(0, 1, 'started'), end)).toEqual([[1, 0, 400]]);
  });

  it('is of one turn at a time', () => {
    expect(spansOf(sent(0, 1, 200), report(0, 1, 'started'), sent(1_000, 2, 300), report(1_050, 2, 'started'))).toEqual([
      [1, 0, 200],
      [2, 1_050, 1_350],
    ]);
  });
});

describe('the user’s speech', () => {
  const noise = (seed: number, durationMs: number): Int16Array => {
    let state = seed;
    return new Int16Array(durationMs * 16).map(() => ((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % 8_000) - 4_000);
  };
  const clip = (file: string, seed: number, durationMs: number, ...speech: [startMs: number, endMs: number][]): Clip => ({
    file,
    pcm: noise(seed, durationMs),
    speech: speech.map(([startMs, endMs]) => ({ startMs, endMs })),
  });
  const CLIPS = [
    clip('clean-a.wav', 1, 330, [100, 300]),
    clip('pause-b.wav', 2, 3_000, [100, 500], [1_300, 2_000]),
    clip('conversation-c.wav', 3, 3_000, [100, 500], [1_500, 2_000]),
    clip('backchannel-d.wav', 4, 400, [0, 300]),
    { file: 'burst-e.wav', pcm: new Int16Array(16_000).fill(2_000, 1_600, 3_200), speech: [] },
  ];
  /** The clips of these places at these frames. */
  const heard = (...said: [index: number, atMs: number][]) => {
    const microphone = new Int16Array(16 * 20_000);
    for (const [index, atMs] of said) microphone.set(CLIPS[index].pcm.subarray(0, microphone.length - atMs * 16), atMs * 16);
    return journalTimeline(journal(), microphone, CLIPS).users.map(({ kind, startMs, endMs, parts }) => [
      kind,
      Math.round(startMs - ZERO_MS),
      Math.round(endMs - ZERO_MS),
      parts.length,
    ]);
  };

  it('is found in what the microphone sent, also twice, on the clock of the events', () => {
    expect(heard([0, 1_000], [0, 5_020])).toEqual([
      ['turn', 1_100, 1_300, 1],
      ['turn', 5_120, 5_320, 1],
    ]);
  });

  it('is one turn with a pause in it, or two turns, by the silence that ends one', () => {
    expect(heard([1, 1_000])).toEqual([['turn', 1_100, 3_000, 2]]);
    expect(heard([2, 1_000])).toEqual([
      ['turn', 1_100, 1_500, 1],
      ['turn', 2_500, 3_000, 1],
    ]);
  });

  it('may be no turn', () => {
    expect(heard([3, 2_000], [4, 4_000])).toEqual([
      ['back_channel', 2_000, 2_300, 1],
      ['noise', 4_100, 4_200, 0],
    ]);
  });

  it('is not there where it was cut off', () => {
    expect(heard([0, 19_800])).toEqual([]);
  });
});
