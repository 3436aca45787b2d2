import * as fc from 'fast-check';
import type { FailureReason, TimerName } from '../turns/turn-event';
import type { TurnPolicy } from '../turns/turn-policy';
import { type Action, GOOD_RESULTS, REPLY_RESULTS } from './action';
import type { Outcome, WorldScript } from './simulated-world';

const back = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -1, max: 3 }) });
const words = fc.constantFrom('what time is it', 'stop', '', ' ', 'in Delhi', 'tea and', 'uh-huh', 'it is noon', 'is noon?');
const said = fc.constantFrom('It is noon. ', 'It is noon. ', 'Well', ', then. ', '', '\n', '👍', 'A long answer, with a comma in it. ');

const speech: fc.Arbitrary<Action> = fc.record({ do: fc.constant('speech' as const), windows: fc.integer({ min: 1, max: 12 }) });
const cough: fc.Arbitrary<Action> = fc.record({ do: fc.constant('cough' as const), windows: fc.integer({ min: 1, max: 12 }) });
const unclear: fc.Arbitrary<Action> = fc.record({ do: fc.constant('unclear' as const), windows: fc.integer({ min: 1, max: 5 }) });
const silence: fc.Arbitrary<Action> = fc.record({ do: fc.constant('silence' as const), windows: fc.integer({ min: 1, max: 32 }) });
const wait: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 16_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
  ),
});
const utterance: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('utterance' as const),
  back,
  result: fc.constantFrom('partial' as const, 'final' as const, 'final' as const, 'final' as const, 'failed' as const),
  text: words,
});
const reply: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('reply' as const),
  back,
  result: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...GOOD_RESULTS) }, { weight: 1, arbitrary: fc.constantFrom(...REPLY_RESULTS) }),
  text: said,
  durationMs: fc.integer({ min: 0, max: 3_000 }),
});
const report: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('report' as const),
  back,
  event: fc.constantFrom('started' as const, 'progress' as const, 'ended' as const),
  playedMs: fc.integer({ min: 0, max: 6_000 }),
});
const timer: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('timer' as const),
  timer: fc.constantFrom<TimerName>('inactivity', 'audio_gap', 'stalled', 'playback_overdue', 'resume'),
});
const type: fc.Arbitrary<Action> = fc.record({ do: fc.constant('type' as const), text: fc.constantFrom('hello', 'and now?') });
const button: fc.Arbitrary<Action> = fc.record({ do: fc.constantFrom('button' as const, 'start' as const) });
const speaker: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('speaker' as const),
  speaker: fc.constantFrom(undefined, 'Asha', 'Ravi'),
});
/** Verdicts that nobody has asked for. */
const verdict: fc.Arbitrary<Action> = fc.record({ do: fc.constant('verdict' as const), back, isAnswered: fc.boolean() });
/** Conversations may be ended, or may run into their limits. */
export const ending: fc.Arbitrary<Action[]> = fc.constantFrom<Action[]>([], [{ do: 'end' }]);

/** The usual course of events, so that most runs get far. */
const spokenTurn: Action[] = [
  { do: 'speech', windows: 12 },
  { do: 'silence', windows: 30 },
  { do: 'utterance', back: 0, result: 'final', text: 'what time is it' },
];
const results = (...names: (typeof REPLY_RESULTS)[number][]): Action[] =>
  names.map((result) => ({ do: 'reply', back: 0, result, text: 'It is noon. ', durationMs: 1_000 }));
const course = fc.constantFrom<Action[]>(
  spokenTurn,
  [
    { do: 'speech', windows: 12 },
    { do: 'silence', windows: 8 },
    { do: 'utterance', back: 0, result: 'final', text: 'what time is it' },
  ],
  [
    { do: 'speech', windows: 12 },
    { do: 'utterance', back: 0, result: 'partial', text: 'what time is it' },
    { do: 'silence', windows: 4 },
  ],
  [
    { do: 'speech', windows: 12 },
    { do: 'utterance', back: 0, result: 'partial', text: 'what time is it' },
    { do: 'speech', windows: 12 },
  ],
  results('text', 'audio', 'sent'),
  results('textEnd', 'audioEnd', 'finished'),
  [...spokenTurn, ...results('text', 'audio', 'sent', 'textEnd', 'audioEnd', 'finished')],
  // The audio being played comes back as an echo, or the user repeats it.
  // The partial transcripts lack the last words, and the voice continues after a short silence.
  ...[6, 7].map((windows): Action[] => [
    { do: 'speech', windows: 12 },
    { do: 'utterance', back: 0, result: 'partial', text: 'what' },
    { do: 'silence', windows: 10 },
    { do: 'utterance', back: 0, result: 'final', text: 'what time is it' },
    { do: 'speech', windows: 12 },
    { do: 'utterance', back: 0, result: 'partial', text: 'what' },
    { do: 'silence', windows },
    { do: 'speech', windows: 10 },
  ]),
  ...['It is noon.', 'is noon', 'is noon?', 'is it noon'].map((text): Action[] => [
    ...results('text', 'audio', 'sent'),
    { do: 'report', back: 0, event: 'progress', playedMs: 600 },
    { do: 'speech', windows: 10 },
    { do: 'silence', windows: 30 },
    { do: 'utterance', back: 0, result: 'final', text },
  ]),
);

/** Any event in any order, mixed with the usual course of events. */
export const actions = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: course },
      { weight: 2, arbitrary: fc.tuple(speech) },
      { weight: 2, arbitrary: fc.tuple(silence) },
      { weight: 1, arbitrary: fc.tuple(unclear) },
      { weight: 1, arbitrary: fc.tuple(cough) },
      { weight: 2, arbitrary: fc.tuple(wait) },
      { weight: 2, arbitrary: fc.tuple(utterance) },
      { weight: 8, arbitrary: fc.tuple(reply) },
      { weight: 2, arbitrary: fc.tuple(report) },
      { weight: 1, arbitrary: fc.tuple(timer) },
      { weight: 1, arbitrary: fc.tuple(type) },
      { weight: 1, arbitrary: fc.tuple(button) },
      { weight: 1, arbitrary: fc.tuple(speaker) },
      { weight: 1, arbitrary: fc.tuple(verdict) },
    ),
    { minLength: 5, maxLength: 50, size: 'max' },
  )
  .map((groups) => groups.flat());

/** Policies that lead through different parts of the engine. */
export const policies: fc.Arbitrary<Partial<TurnPolicy>> = fc.record({
  turnTaking: fc.constantFrom('fixed' as const, 'adaptive' as const),
  draftAfterSilenceMs: fc.constantFrom(undefined, 200, 200),
  maxEarlyDrafts: fc.constantFrom(0, 1, 3, 3),
  rejoinAudioMs: fc.constantFrom(0, 2_000, 8_000, 8_000),
  speech: fc.constantFrom(true, true, true, false),
  maxUserTurnMs: fc.constantFrom(120_000, 120_000, 1_000),
  interruptionMode: fc.constantFrom('immediate' as const, 'resumable' as const),
  memoryOnInterruption: fc.constantFrom('discard' as const, 'heard' as const),
  maxMemoryMessages: fc.constantFrom(1, 2, 5, 60),
  maxMemoryTokens: fc.constantFrom(1, 8, 3_000),
  maxSessionMs: fc.constantFrom(3_600_000, 45_000),
  judgesTurns: fc.constantFrom(false, true),
});

const outcome = (text: fc.Arbitrary<string>): fc.Arbitrary<Outcome> =>
  fc.oneof(
    { weight: 6, arbitrary: text.map((value) => ({ text: value })) },
    { weight: 1, arbitrary: fc.constantFrom<FailureReason>('timeout', 'connection_lost').map((fails) => ({ fails })) },
    { weight: 1, arbitrary: fc.constant('hangs' as const) },
  );
const outcomes = (text: fc.Arbitrary<string>) => fc.array(outcome(text), { minLength: 1, maxLength: 6 });

/** Stages that usually work. */
export const worldScripts: fc.Arbitrary<WorldScript> = fc.record({
  transcripts: outcomes(words),
  answers: outcomes(fc.array(said, { maxLength: 6 }).map((parts) => parts.join(''))),
  voices: outcomes(fc.constant('')),
  fallbackVoices: outcomes(fc.constant('')),
  partials: fc.constantFrom('none', 'growing', 'growing', 'misheard', 'lagging'),
  reportsPlayback: fc.boolean(),
  aligned: fc.boolean(),
});

/** What a user does. The simulated stages do the rest. */
export const userActions: fc.Arbitrary<Action[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(spokenTurn.slice(0, 2)) },
      { weight: 2, arbitrary: fc.tuple(speech) },
      { weight: 2, arbitrary: fc.tuple(silence) },
      { weight: 1, arbitrary: fc.tuple(unclear) },
      { weight: 1, arbitrary: fc.tuple(cough) },
      { weight: 3, arbitrary: fc.tuple(wait) },
      { weight: 1, arbitrary: fc.tuple(type) },
      { weight: 1, arbitrary: fc.tuple(button) },
      { weight: 1, arbitrary: fc.tuple(speaker) },
    ),
    { minLength: 3, maxLength: 30, size: 'max' },
  )
  .map((groups) => groups.flat());
