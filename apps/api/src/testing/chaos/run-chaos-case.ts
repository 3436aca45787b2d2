import type { Fault } from '@parley/simulator';
import { eventually } from '@parley/testing';
import { type ChaosCase, type Moment, vendorOf } from './chaos-case';
import { ChaosConversation, expectSpokenOnce, expectWhole, SPOKEN_MS, spokenMs, type Turn } from './chaos-conversation';
import { ANSWER, type ChaosWorld } from './chaos-world';

/** Speech that confirms nothing yet, speech before a fault, and the silence before a draft, in ms. */
const CANDIDATE_MS = 120;
const HALF_SENTENCE_MS = 600;
const DRAFT_SILENCE_MS = 320;

/**
 * One case: a conversation whose turn is spoilt at the moment in question, and a turn after that. Rejects, with all that the client
 * received, when the turn does not end in bounded time, is told of more than once, or costs anything of the next one.
 */
export const runChaosCase = (world: ChaosWorld, chaos: ChaosCase): Promise<void> =>
  ChaosConversation.hold(world, async (conversation) => {
    try {
      const strike = (): ReturnType<ChaosWorld['strike']> =>
        world.strike({ ...chaos.rule, times: chaos.persistence === 'once' ? 1 : Infinity });
      const { number, triggered } = await spoil(conversation, world, chaos.moment, strike);
      expectSpoilt(chaos, await conversation.outcomeOf(number));
      if (triggered() === 0) {
        // What could not come upon anything then comes upon the turn that follows.
        const next = conversation.begin();
        conversation.finishSentence();
        expectSpoilt({ ...chaos, moment: 'listening' }, await conversation.outcomeOf(next));
        expect(triggered()).toBeGreaterThan(0);
      }
    } finally {
      world.simulator.faults.clear();
    }
    await conversation.soundTurn();
  });

interface Spoilt {
  /** The turn that is affected. */
  readonly number: number;
  /** How often the fault has struck. */
  triggered(): number;
}

/** Leads a turn to the moment, lets the fault strike, and lets the turn go on. */
async function spoil(
  conversation: ChaosConversation,
  world: ChaosWorld,
  moment: Moment,
  strike: () => { readonly triggered: number },
): Promise<Spoilt> {
  const { inbox } = conversation.client;
  const number = conversation.begin();
  const worksBefore = world.works;
  const strikes = (): Spoilt => {
    const fault = strike();
    return { number, triggered: () => fault.triggered };
  };
  switch (moment) {
    case 'listening': {
      const spoilt = strikes();
      conversation.finishSentence();
      return spoilt;
    }
    case 'speaking': {
      await conversation.speak(HALF_SENTENCE_MS);
      const spoilt = strikes();
      conversation.finishSentence();
      return spoilt;
    }
    case 'drafting': {
      await conversation.speak(HALF_SENTENCE_MS * 2);
      await conversation.hush(DRAFT_SILENCE_MS);
      await eventually(() => world.works > worksBefore, 'the draft to reach the vendor');
      const spoilt = strikes();
      conversation.finishSentence();
      return spoilt;
    }
    case 'processing': {
      conversation.finishSentence();
      await inbox.waitForState('AI_PROCESSING', number);
      return strikes();
    }
    case 'answering': {
      conversation.finishSentence();
      await inbox.waitForState('AI_SPEAKING', number);
      return strikes();
    }
    case 'voicing': {
      conversation.finishSentence();
      await inbox.waitFor('the first sound', () => (inbox.speechOf(number).length > 0 ? true : undefined));
      return strikes();
    }
    case 'interrupting': {
      conversation.finishSentence();
      await inbox.waitFor('the first sound', () => (inbox.speechOf(number).length > 0 ? true : undefined));
      await conversation.speak(CANDIDATE_MS);
      const spoilt = strikes();
      conversation.finishSentence();
      return { ...spoilt, number: number + 1 };
    }
  }
}

/** Faults that end what they come upon: a silent retry is owed, and when that fails too, one word of it. */
const BREAKING: ReadonlySet<Fault['kind']> = new Set(['stall', 'drop', 'reset', 'half-open', 'half-close', 'garbage', 'error-then-close']);
/** Until when nothing of a stage has come out, so that it can start over without anybody's noticing. */
const BEFORE_OUTPUT: ReadonlySet<Moment> = new Set(['listening', 'speaking', 'drafting', 'processing']);
/** What the voice escapes by going over HTTP, or sounds like a voice there. */
const NOT_ON_HTTP: ReadonlySet<Fault['kind']> = new Set(['garbage', 'error-then-close']);
const STAGE = { sarvam: 'stt', openai: 'llm', elevenlabs: 'tts' } as const;

/** Told once at most, and then with something to hear; otherwise the answer is whole. */
function expectSpoilt(chaos: ChaosCase, turn: Turn): void {
  const vendor = vendorOf(chaos.line);
  if (turn.errors.length > 0) {
    expect(turn.errors).toEqual([`${STAGE[vendor]}_failed`]);
    expect(turn.text).not.toBe('');
    expect(turn.speechMs).toBeGreaterThan(1_000);
  } else {
    expectAnswered(chaos, turn);
  }
  if (!isPlainBreak(chaos) || !BEFORE_OUTPUT.has(chaos.moment)) return;
  expect(turn.errors).toHaveLength(chaos.persistence === 'once' ? 0 : 1);
}

/** The first clause, which the voice is given by itself. */
const LONGEST_PIECE = 'Seven plus five is twelve,';
const LONGEST_PIECE_MS = spokenMs(LONGEST_PIECE);
/** The most audio that is taken for a piece: 5 s and 0.6 s a character (libs/providers, `SpeechBounds`). */
const MOST_OF_A_PIECE_MS = 5_000 + 600 * LONGEST_PIECE.length;
/** The voice may have begun. */
const SPEAKING: ReadonlySet<Moment> = new Set(['drafting', 'answering', 'voicing', 'interrupting']);

/** On HTTP, where the voice goes in the end, bytes that are no audio sound like some, and nothing is said but by answers. */
function isPlainBreak({ line, rule: { fault }, persistence }: ChaosCase): boolean {
  if (fault.kind === 'garbage' && line === 'elevenlabs/http') return false;
  if (line === 'elevenlabs' && persistence === 'lasting' && NOT_ON_HTTP.has(fault.kind)) return false;
  return BREAKING.has(fault.kind);
}

function expectAnswered({ line, rule: { fault }, moment }: ChaosCase, turn: Turn): void {
  if (line === 'elevenlabs/http' && moment === 'voicing' && cutsOff(fault)) return expectPieceMissing(turn);
  if (line === 'elevenlabs/http' && moment === 'voicing' && fault.kind === 'oversized') return expectPieceTooLong(turn);
  switch (fault.kind) {
    case 'finish':
      // The model stopped by itself: what it had said is the answer.
      expect(ANSWER.startsWith(turn.text.trim())).toBe(true);
      return;
    case 'empty-transcript':
      // Nothing was heard, so nothing is answered; unless the draft's retry heard it.
      if (turn.text === '') return;
      return expectWhole(turn);
    case 'missing-final':
      // Speech that the legacy socket has no result for, twice, is speech without words.
      if (line === 'sarvam/legacy' && turn.text === '') return;
      return expectWhole(turn);
    case 'duplicate-frames':
      // Tokens cannot be told from repeated ones; everything else can.
      expect(withoutRepeats(turn.text)).toBe(ANSWER);
      if (turn.text === ANSWER) expectSpokenOnce(turn);
      return;
    case 'silence':
      // Once a part was heard, an end that comes too early cannot be told from the right one: the vendor says when speech is over.
      expect(turn).toMatchObject({ text: ANSWER, errors: [] });
      expect(turn.speechMs).toBeGreaterThan(0);
      if (!SPEAKING.has(moment)) expectSpokenOnce(turn);
      return;
    default:
      expectWhole(turn);
  }
}

/**
 * Over HTTP nobody knows at which word a voice broke off: it goes on behind the piece of the answer that it was in (docs/decisions/0007). Of
 * that piece alone something may be missing, and nothing is said twice. All of it was written.
 */
function expectPieceMissing(turn: Turn): void {
  expect(turn).toMatchObject({ text: ANSWER, errors: [] });
  expect(turn.speechMs).toBeGreaterThan(SPOKEN_MS * 0.9 - LONGEST_PIECE_MS);
  expect(turn.speechMs).toBeLessThan(SPOKEN_MS * 1.15);
}

/** Bytes without end cannot be told from a voice before they are more than the piece can be. The rest of the answer follows, once. */
function expectPieceTooLong(turn: Turn): void {
  expect(turn).toMatchObject({ text: ANSWER, errors: [] });
  expect(turn.speechMs).toBeGreaterThan(SPOKEN_MS * 0.9 - LONGEST_PIECE_MS);
  expect(turn.speechMs).toBeLessThan(SPOKEN_MS * 1.15 + MOST_OF_A_PIECE_MS);
}

/** Whether the request that is under way comes to nothing. Shorter delays are borne. */
const cutsOff = (fault: Fault): boolean =>
  fault.kind === 'late-frames' ? fault.delayMs > 1_000 : CUTTING.has(fault.kind) || (BREAKING.has(fault.kind) && fault.kind !== 'garbage');
const CUTTING: ReadonlySet<Fault['kind']> = new Set(['refuse', 'slow-headers', 'quota']);

/** The first word has no space before it. */
const withoutRepeats = (text: string): string =>
  (text.replace(/^(\w+)\1/, '$1').match(/\s*\S+/g) ?? []).filter((token, index, tokens) => token !== tokens[index - 1]).join('');
