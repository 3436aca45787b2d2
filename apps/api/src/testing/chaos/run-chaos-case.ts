import type { Fault } from '@parley/simulator';
import { eventually } from '@parley/testing';
import { type ChaosCase, type Moment, vendorOf } from './chaos-case';
import { ChaosConversation, expectSpokenOnce, expectWholeAnswer, SPOKEN_MS, spokenMs, type Turn } from './chaos-conversation';
import { ANSWER, type ChaosServer } from './chaos-server';

/** Speech that is too short to confirm an interruption. */
const CANDIDATE_MS = 120;
/** Speech before a fault. */
const HALF_SENTENCE_MS = 600;
/** Silence that starts a draft but does not end the turn. */
const DRAFT_SILENCE_MS = 320;

/**
 * Runs one case: a conversation with a turn in which the fault is injected, and then a turn without a fault. Rejects, with everything that the
 * client received, when the first turn exceeds the time limit or reports more than one error, or when the second turn is affected as well.
 */
export const runChaosCase = (server: ChaosServer, chaos: ChaosCase): Promise<void> =>
  ChaosConversation.run(server, async (conversation) => {
    try {
      const inject = (): ReturnType<ChaosServer['inject']> =>
        server.inject({ ...chaos.rule, times: chaos.persistence === 'once' ? 1 : Infinity });
      const { number, triggered } = await runTurnWithFault(conversation, server, chaos.moment, inject);
      expectOutcome(chaos, await conversation.outcomeOf(number));
      if (triggered() === 0) {
        // The vendor was idle at that moment, so the fault occurs in the turn that follows.
        const next = conversation.beginTurn();
        conversation.finishSentence();
        expectOutcome({ ...chaos, moment: 'listening' }, await conversation.outcomeOf(next));
        expect(triggered()).toBeGreaterThan(0);
      }
    } finally {
      server.simulator.faults.clear();
    }
    await conversation.healthyTurn();
  });

interface FaultyTurn {
  /** The turn that is affected. */
  readonly number: number;
  /** How often the fault has occurred. */
  triggered(): number;
}

/** Holds a turn up to the moment, injects the fault, and continues the turn. */
async function runTurnWithFault(
  conversation: ChaosConversation,
  server: ChaosServer,
  moment: Moment,
  inject: () => { readonly triggered: number },
): Promise<FaultyTurn> {
  const { inbox } = conversation.client;
  const number = conversation.beginTurn();
  const requestsBefore = server.requests;
  const injectNow = (): FaultyTurn => {
    const fault = inject();
    return { number, triggered: () => fault.triggered };
  };
  switch (moment) {
    case 'listening': {
      const faulty = injectNow();
      conversation.finishSentence();
      return faulty;
    }
    case 'speaking': {
      await conversation.speak(HALF_SENTENCE_MS);
      const faulty = injectNow();
      conversation.finishSentence();
      return faulty;
    }
    case 'drafting': {
      await conversation.speak(HALF_SENTENCE_MS * 2);
      await conversation.staySilent(DRAFT_SILENCE_MS);
      await eventually(() => server.requests > requestsBefore, 'the draft to reach the vendor');
      const faulty = injectNow();
      conversation.finishSentence();
      return faulty;
    }
    case 'processing': {
      conversation.finishSentence();
      await inbox.waitForState('AI_PROCESSING', number);
      return injectNow();
    }
    case 'answering': {
      conversation.finishSentence();
      await inbox.waitForState('AI_SPEAKING', number);
      return injectNow();
    }
    case 'voicing': {
      conversation.finishSentence();
      await inbox.waitFor('the first sound', () => (inbox.speechOf(number).length > 0 ? true : undefined));
      return injectNow();
    }
    case 'interrupting': {
      conversation.finishSentence();
      await inbox.waitFor('the first sound', () => (inbox.speechOf(number).length > 0 ? true : undefined));
      await conversation.speak(CANDIDATE_MS);
      const faulty = injectNow();
      conversation.finishSentence();
      return { ...faulty, number: number + 1 };
    }
  }
}

/** Faults that make a request fail for certain: it must be retried silently, and one error must be reported when the retry fails as well. */
const CERTAIN_FAILURES: ReadonlySet<Fault['kind']> = new Set([
  'stall',
  'drop',
  'reset',
  'half-open',
  'half-close',
  'garbage',
  'error-then-close',
]);
/** The moments before a stage has produced any output, so that a retry goes unnoticed. */
const BEFORE_OUTPUT: ReadonlySet<Moment> = new Set(['listening', 'speaking', 'drafting', 'processing']);
/** Faults of the socket that do not occur over HTTP, to which the voice falls back. */
const NOT_ON_HTTP: ReadonlySet<Fault['kind']> = new Set(['garbage', 'error-then-close']);
const STAGE = { sarvam: 'stt', openai: 'llm', elevenlabs: 'tts' } as const;

/** Expects either exactly one error, after which the user still hears a sentence, or an answer without an error. */
function expectOutcome(chaos: ChaosCase, turn: Turn): void {
  const vendor = vendorOf(chaos.api);
  if (turn.errors.length > 0) {
    expect(turn.errors).toEqual([`${STAGE[vendor]}_failed`]);
    expect(turn.text).not.toBe('');
    expect(turn.speechMs).toBeGreaterThan(1_000);
  } else {
    expectAnswered(chaos, turn);
  }
  if (!isCertainFailure(chaos) || !BEFORE_OUTPUT.has(chaos.moment)) return;
  expect(turn.errors).toHaveLength(chaos.persistence === 'once' ? 0 : 1);
}

/** The first clause of the answer, which is sent to the voice separately. */
const LONGEST_PIECE = 'Seven plus five is twelve,';
const LONGEST_PIECE_MS = spokenMs(LONGEST_PIECE);
/** The most audio that is accepted for this clause: 5 s and 0.6 s for each character (`SpeechBounds` in libs/providers). */
const MOST_OF_A_PIECE_MS = 5_000 + 600 * LONGEST_PIECE.length;
/** The moments at which the voice may already have produced audio. */
const SPEAKING: ReadonlySet<Moment> = new Set(['drafting', 'answering', 'voicing', 'interrupting']);

/**
 * Whether the fault makes a request fail for certain. Over HTTP, to which the voice falls back, invalid bytes pass as audio and some faults
 * do not occur.
 */
function isCertainFailure({ api, rule: { fault }, persistence }: ChaosCase): boolean {
  if (fault.kind === 'garbage' && api === 'elevenlabs/http') return false;
  if (api === 'elevenlabs' && persistence === 'lasting' && NOT_ON_HTTP.has(fault.kind)) return false;
  return CERTAIN_FAILURES.has(fault.kind);
}

function expectAnswered({ api, rule: { fault }, moment }: ChaosCase, turn: Turn): void {
  if (api === 'elevenlabs/http' && moment === 'voicing' && endsRequest(fault)) return expectPieceMissing(turn);
  if (api === 'elevenlabs/http' && moment === 'voicing' && fault.kind === 'oversized') return expectPieceTooLong(turn);
  switch (fault.kind) {
    case 'finish':
      // The model ended the reply early, so the answer is what it had written until then.
      expect(ANSWER.startsWith(turn.text.trim())).toBe(true);
      return;
    case 'empty-transcript':
      // Nothing was recognised, so there is no answer, unless the retry for the draft recognised the words.
      if (turn.text === '') return;
      return expectWholeAnswer(turn);
    case 'missing-final':
      // When the legacy socket returns no result twice, the speech counts as having no words.
      if (api === 'sarvam/legacy' && turn.text === '') return;
      return expectWholeAnswer(turn);
    case 'duplicate-frames':
      // A repeated token cannot be distinguished from an intended one. All other repetitions are detected.
      expect(withoutRepeats(turn.text)).toBe(ANSWER);
      if (turn.text === ANSWER) expectSpokenOnce(turn);
      return;
    case 'silence':
      // The vendor decides when speech is complete. Once some audio has arrived, an end that is too early looks like the right one.
      expect(turn).toMatchObject({ text: ANSWER, errors: [] });
      expect(turn.speechMs).toBeGreaterThan(0);
      if (!SPEAKING.has(moment)) expectSpokenOnce(turn);
      return;
    default:
      expectWholeAnswer(turn);
  }
}

/**
 * Expects that at most one clause of the answer is missing in the audio, that nothing is repeated, and that the text is complete. Over HTTP it is
 * unknown at which word a voice broke off, so it continues after the clause that it was speaking (docs/decisions/0007).
 */
function expectPieceMissing(turn: Turn): void {
  expect(turn).toMatchObject({ text: ANSWER, errors: [] });
  expect(turn.speechMs).toBeGreaterThan(SPOKEN_MS * 0.9 - LONGEST_PIECE_MS);
  expect(turn.speechMs).toBeLessThan(SPOKEN_MS * 1.15);
}

/** Expects the same, with excess audio for one clause: endless audio is detected only when it exceeds the limit of the clause. */
function expectPieceTooLong(turn: Turn): void {
  expect(turn).toMatchObject({ text: ANSWER, errors: [] });
  expect(turn.speechMs).toBeGreaterThan(SPOKEN_MS * 0.9 - LONGEST_PIECE_MS);
  expect(turn.speechMs).toBeLessThan(SPOKEN_MS * 1.15 + MOST_OF_A_PIECE_MS);
}

/** Whether the fault ends the current request. Shorter delays are tolerated. */
const endsRequest = (fault: Fault): boolean =>
  fault.kind === 'late-frames'
    ? fault.delayMs > 1_000
    : ENDS_HTTP_REQUEST.has(fault.kind) || (CERTAIN_FAILURES.has(fault.kind) && fault.kind !== 'garbage');
const ENDS_HTTP_REQUEST: ReadonlySet<Fault['kind']> = new Set(['refuse', 'slow-headers']);

/** The text without tokens that are repeated. The first token is handled separately, because it has no space before it. */
const withoutRepeats = (text: string): string =>
  (text.replace(/^(\w+)\1/, '$1').match(/\s*\S+/g) ?? []).filter((token, index, tokens) => token !== tokens[index - 1]).join('');
