import * as fc from 'fast-check';
import type { TurnEvent } from '../turns/turn-event';
import { DEFAULT_TURN_POLICY, type TurnPolicy } from '../turns/turn-policy';
import { act } from '../testing/action';
import { actions, ending, policies, userActions, worldScripts } from '../testing/arbitrary-actions';
import { ConversationScript, type ScriptOptions, type Step } from '../testing/conversation-script';
import { SimulatedWorld } from '../testing/simulated-world';
import { decodeJournal } from './decode-journal';
import { headerLine, speechLine, stepLine } from './encode-journal';
import { type Journal, JOURNAL_VERSION, JournalError, type JournalHeader } from './journal';
import { NotedHint, WORDS_HINT } from './journal-hints';
import { replayJournal } from './replay-journal';

const SEED = 20_261_120;

const header = (policy: Partial<TurnPolicy> = {}, hint = WORDS_HINT): JournalHeader => ({
  version: JOURNAL_VERSION,
  session: 'session-1',
  startedAt: '2026-11-20T12:00:00.000Z',
  hint,
  policy: { ...DEFAULT_TURN_POLICY, ...policy },
});

/** A scripted conversation, and the journal that a server would have written for it. */
function recorded(policy: Partial<TurnPolicy>, options: ScriptOptions, hold: (talk: ConversationScript) => void, hintName?: string) {
  const steps: Step[] = [];
  const lines = [headerLine(header(policy, hintName))];
  const hint = options.hint && new NotedHint(options.hint);
  const onStep = (step: Step) => {
    steps.push(step);
    lines.push(stepLine({ event: step.event, effects: step.decision.effects, hints: hint?.take() ?? [] }));
  };
  const talk = new ConversationScript(policy, { ...options, onStep, ...(hint && { hint }) });
  talk.happens({ type: 'conversation_started' });
  hold(talk);
  return { steps, text: lines.join('') };
}

/** What a journal keeps of an event or an effect: the same value with its samples replaced by silence. */
const kept = <T extends object>(happening: T): T =>
  'audio' in happening && happening.audio instanceof Int16Array
    ? { ...happening, audio: new Int16Array(happening.audio.length) }
    : happening;

const stepsOf = ({ entries }: Journal) => entries.flatMap((entry) => (entry.kind === 'step' ? [entry] : []));

/** A question, its answer, an interruption, and then silence until the conversation ends. */
function talkFor(talk: ConversationScript): void {
  talk.speech(640);
  talk.silence(2_400);
  talk.speech(640);
  talk.silence(4_000);
}

const simple = () => recorded({}, { world: new SimulatedWorld() }, talkFor);

describe('a journal', () => {
  it('holds every event and every decision, and replays without a difference', () => {
    fc.assert(
      fc.property(policies, actions, ending, (policy, list, last) => {
        const { steps, text } = recorded(policy, {}, (talk) => [...list, ...last].forEach((action) => act(talk, action)));
        const journal = decodeJournal(text);
        expect(journal.header.policy).toStrictEqual({ ...DEFAULT_TURN_POLICY, ...policy });
        expect(stepsOf(journal).map(({ event }) => event)).toStrictEqual(steps.map(({ event }) => kept(event)));
        expect(stepsOf(journal).map(({ effects }) => effects)).toStrictEqual(steps.map(({ decision }) => decision.effects.map(kept)));
        const decisions = steps.reduce((count, { decision }) => count + decision.effects.length, 0);
        expect(replayJournal(journal)).toEqual({ events: steps.length, decisions, differences: [] });
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('replays without a difference when stages answer late, fail and hang', () => {
    fc.assert(
      fc.property(policies, worldScripts, userActions, (policy, script, list) => {
        const { text } = recorded(policy, { world: new SimulatedWorld(script) }, (talk) => list.forEach((action) => act(talk, action)));
        expect(replayJournal(decodeJournal(text)).differences).toEqual([]);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('keeps numbers that JSON cannot express', () => {
    const { text } = recorded({ maxSessionMs: Infinity }, {}, (talk) => {
      talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: NaN });
    });
    const journal = decodeJournal(text);
    expect(journal.header.policy.maxSessionMs).toBe(Infinity);
    expect(stepsOf(journal).at(-1)?.event).toMatchObject({ playedMs: NaN });
    expect(replayJournal(journal).differences).toEqual([]);
  });

  it('keeps the pieces of speech that were sent, and the names of the files that hold them', () => {
    const audio = { microphone: { file: 'a.wav', sampleRateHz: 16_000 }, speech: { file: 'b.wav', sampleRateHz: 24_000 } };
    const piece = { atMs: 12.5, turn: 1, seq: 0, samples: 480, last: false };
    const journal = decodeJournal(headerLine({ ...header(), audio }) + speechLine(piece));
    expect(journal.header.audio).toEqual(audio);
    expect(journal.entries).toEqual([{ kind: 'speech', line: 2, ...piece }]);
  });
});

describe('a replay', () => {
  const changed = (text: string, from: string, to: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  it('reports where, for which event and how a decision differs from the recorded one', () => {
    const { text } = simple();
    const lines = text.split('\n');
    const line = lines.findIndex((candidate) => candidate.includes('"interrupted"')) + 1;
    const altered = changed(text, '"type":"interrupted","turn":1,"reason":"speech"', '"type":"interrupted","turn":1,"reason":"text"');
    const { differences } = replayJournal(decodeJournal(altered));
    expect(differences).toEqual([
      {
        line,
        event: expect.objectContaining({ type: 'audio_heard' }),
        expected: ['{"notification":{"reason":"text","turn":1,"type":"interrupted"},"type":"notify"}'],
        got: ['{"notification":{"reason":"speech","turn":1,"type":"interrupted"},"type":"notify"}'],
      },
    ]);
  });

  it.each<[what: string, from: string, to: string]>([
    [
      'was recorded and is no longer made',
      '"effects":[{"type":"open_utterance"',
      '"effects":[{"type":"clear_timer","timer":"resume"},{"type":"open_utterance"',
    ],
    ['depends on another policy', '"endOfTurnSilenceMs":900', '"endOfTurnSilenceMs":700'],
  ])('reports a decision that %s', (_, from, to) => {
    expect(replayJournal(decodeJournal(changed(simple().text, from, to))).differences).not.toEqual([]);
  });

  it('reports a decision that was not recorded and is made now', () => {
    const withoutEffects = simple().text.replace(/,"effects":\[\{"type":"open_utterance"[^\n]*\]/, '');
    const [first] = replayJournal(decodeJournal(withoutEffects)).differences;
    expect(first).toMatchObject({ expected: [], got: [expect.stringContaining('open_utterance'), expect.stringContaining('audio_gap')] });
  });

  it('asks a hint that it recognises again, and takes the answers of an unknown hint from the journal', () => {
    const patient = { requiredSilenceMs: () => 1_200 };
    const adaptive = { turnTaking: 'adaptive' as const };
    const hold = (talk: ConversationScript) => talkFor(talk);
    const world = () => new SimulatedWorld({ transcripts: [{ text: 'what time is it' }] });
    const { text } = recorded(adaptive, { world: world(), hint: patient }, hold, 'a model of 2027');
    expect(text).toContain('"hints":[1200]');
    expect(replayJournal(decodeJournal(text)).differences).toEqual([]);
    expect(replayJournal(decodeJournal(changed(text, '"a model of 2027"', `"${WORDS_HINT}"`))).differences).not.toEqual([]);
  });
});

describe('a journal from before replies were marked as drafts', () => {
  const withDraft = () => recorded({ draftAfterSilenceMs: 200 }, { world: new SimulatedWorld({ partials: 'growing' }) }, talkFor).text;
  const replayed = (text: string) => replayJournal(decodeJournal(text)).differences;

  it('replays without a difference', () => {
    const old = withDraft().replaceAll(/,"speculative":(?:true|false)\}/g, '}');
    expect(old).toContain('"start_reply"');
    expect(old).not.toMatch(/"start_reply"[^\n]*"speculative"/);
    expect(replayed(old)).toEqual([]);
  });

  it('still shows a reply that is asked for with other words', () => {
    const old = withDraft().replaceAll(/,"speculative":(?:true|false)\}/g, '}');
    expect(replayed(old.replace('"content":"what time is it"', '"content":"what day is it"'))).not.toEqual([]);
  });

  it.each([
    ['a draft that was no draft', '"speculative":true}', '"speculative":false}'],
    ['a draft that is not marked, in a journal that marks others', ',"speculative":true}', '}'],
  ])('is not taken for one that shows %s', (_, from, to) => {
    const text = withDraft();
    expect(text.split(from).length).toBeGreaterThan(2);
    expect(replayed(text.replace(from, to))).toHaveLength(1);
  });
});

describe('an incomplete or damaged journal', () => {
  it('is read up to its last line when that line is cut off', () => {
    const { text, steps } = simple();
    const cut = text.slice(0, text.lastIndexOf('"atMs"'));
    const journal = decodeJournal(cut);
    expect(journal.truncated).toBe(true);
    expect(journal.entries).toHaveLength(steps.length - 1);
    expect(replayJournal(journal).differences).toEqual([]);
  });

  it('loses nothing when its last line lacks only the line end', () => {
    const { text, steps } = simple();
    const journal = decodeJournal(text.slice(0, -1));
    expect(journal.truncated).toBe(false);
    expect(journal.entries).toHaveLength(steps.length);
  });

  it.each<[what: string, damage: (lines: string[]) => void, line: number]>([
    ['is damaged in the middle', (lines) => void (lines[4] = lines[4].slice(0, 9)), 5],
    ['has a last line that is complete but meaningless', (lines) => void (lines[lines.length - 2] = '{"event":1}'), NaN],
    ['has an event of an unknown type', (lines) => void (lines[1] = '{"event":{"type":"door_opened","atMs":1}}'), 2],
    ['has an event without a time', (lines) => void (lines[1] = '{"event":{"type":"conversation_started"}}'), 2],
    ['has effects that are not valid', (lines) => void (lines[1] = '{"event":{"type":"conversation_started","atMs":1},"effects":[1]}'), 2],
    ['has hints that are not valid', (lines) => void (lines[1] = '{"event":{"type":"conversation_started","atMs":1},"hints":["long"]}'), 2],
    ['has a piece of speech without a turn', (lines) => void (lines[1] = '{"sent":{"atMs":1,"seq":0,"samples":1,"last":false}}'), 2],
    ['has another version', (lines) => void (lines[0] = lines[0].replace('"journal":1', '"journal":2')), 1],
    ['has no header', (lines) => void lines.shift(), 1],
    ['has a header without a policy', (lines) => void (lines[0] = lines[0].replace('"policy"', '"politics"')), 1],
    ['lacks a field of the policy', (lines) => void (lines[0] = lines[0].replace('"runGapMs"', '"runGap"')), 1],
    ['is empty', (lines) => void lines.splice(0), 1],
  ])('is rejected, with the number of the line, when it %s', (_, damage, line) => {
    const lines = simple().text.split('\n');
    const last = lines.length - 1;
    damage(lines);
    const read = () => decodeJournal(lines.join('\n'));
    expect(read).toThrow(JournalError);
    expect(read).toThrow(expect.objectContaining({ line: Number.isNaN(line) ? last : line }));
  });
});

describe('the policy in a journal', () => {
  const decodedPolicy = (policy: object): TurnPolicy =>
    decodeJournal(headerLine({ ...header(), policy: policy as TurnPolicy })).header.policy;

  it('is read without the fields that this version of the engine does not know', () => {
    expect(decodedPolicy({ ...DEFAULT_TURN_POLICY, telepathy: true })).toStrictEqual(DEFAULT_TURN_POLICY);
  });

  it('still says that drafts are turned off', () => {
    expect(decodedPolicy({ ...DEFAULT_TURN_POLICY, draftAfterSilenceMs: undefined })).toHaveProperty('draftAfterSilenceMs', undefined);
  });

  it('has a value for every field of the engine’s policy, even in an old journal', () => {
    const { policy } = decodeJournal(headerLine(header())).header;
    expect(Object.keys(policy).sort()).toEqual(Object.keys(DEFAULT_TURN_POLICY).sort());
  });
});

const everyEvent: TurnEvent['type'][] = [
  'conversation_started',
  'conversation_ended',
  'audio_heard',
  'transcript_changed',
  'transcript_finished',
  'transcription_failed',
  'text_received',
  'interrupt_requested',
  'reply_text_produced',
  'reply_text_ended',
  'reply_audio_produced',
  'reply_audio_ended',
  'reply_failed',
  'audio_sent',
  'audio_finished',
  'playback_reported',
  'timer_fired',
];

it.each(everyEvent)('an event of type %s is accepted in a journal', (type) => {
  const text = `${headerLine(header())}{"event":{"type":"${type}","atMs":1}}\n`;
  expect(decodeJournal(text).entries).toHaveLength(1);
});
