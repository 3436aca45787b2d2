import type { Arrival, Inbox } from './inbox';
import type { Speech } from './speech';

/** Rules that every conversation must keep. Each rule returns sentences that say how it was broken. */
type Rule = (arrivals: readonly Arrival[]) => string[];

/** All violations of the protocol in a conversation. */
export const violationsIn = ({ arrivals }: Inbox): string[] =>
  (arrivals.some(isAgents) ? AGENT_RULES : RULES).flatMap((rule) => rule(arrivals));

/** Whether the message shows that the conversation is held by the agent engine. */
const isAgents = (arrival: Arrival): boolean =>
  arrival.kind === 'message' && arrival.message.type === 'conversation_started' && arrival.message.engine === 'agent';

const beginsWithAGreeting: Rule = ([first]) =>
  first === undefined || (first.kind === 'message' && first.message.type === 'connection_established')
    ? []
    : ['the first message is not connection_established'];

const endsOnce: Rule = (arrivals) => {
  const end = arrivals.findIndex((arrival) => arrival.kind === 'message' && arrival.message.type === 'conversation_ended');
  return end < 0 || end === arrivals.length - 1 ? [] : ['something came after conversation_ended'];
};

/** In the patterns, `n` is the turn of the state. */
const NEXT_STATES: Record<string, (n: number) => string[]> = {
  USER_SPEAKING: (n) => [`AI_PROCESSING ${n}`, `IDLE ${n}`],
  AI_PROCESSING: (n) => [`AI_SPEAKING ${n}`, `USER_SPEAKING ${n + 1}`, `IDLE ${n}`],
  AI_SPEAKING: (n) => [`USER_SPEAKING ${n + 1}`, `IDLE ${n}`],
  IDLE: () => [],
};

const statesFollowTheTable: Rule = (arrivals) => {
  const states = arrivals.flatMap((arrival) => (arrival.kind === 'message' && arrival.message.type === 'state' ? [arrival.message] : []));
  return states.flatMap(({ state, turn }, index) => {
    const before = states[index - 1];
    const allowed = before === undefined ? ['USER_SPEAKING 1'] : (NEXT_STATES[before.state]?.(before.turn) ?? []);
    return allowed.includes(`${state} ${turn}`) ? [] : [`${before?.state} ${before?.turn} is followed by ${state} ${turn}`];
  });
};

/** A correction: the text that was heard of an interrupted reply. */
const isCorrection = ({ text, is_final: isFinal }: { text: string; is_final: boolean }): boolean => text === '' && isFinal;

/** Speech and text of a turn are sent only while that turn is answered, and never after it was interrupted or has ended. */
const repliesBelongToTheirTurn: Rule = (arrivals) => {
  const wrong: string[] = [];
  const mayCorrect = arrivals.some(isAgents);
  let answering: number | undefined;
  for (const arrival of arrivals) {
    if (arrival.kind === 'speech') {
      if (arrival.speech.turn !== answering)
        wrong.push(`speech of turn ${arrival.speech.turn} while ${answering ?? 'no turn'} is answered`);
    } else if (arrival.message.type === 'state') {
      answering = arrival.message.state === 'AI_SPEAKING' ? arrival.message.turn : undefined;
    } else if (arrival.message.type === 'interruption') {
      answering = undefined;
    } else if (arrival.message.type === 'text_response' && arrival.message.turn !== answering) {
      if (mayCorrect && isCorrection(arrival.message)) continue;
      wrong.push(`text of turn ${arrival.message.turn} while ${answering ?? 'no turn'} is answered`);
    }
  }
  return wrong;
};

const speechIsNumbered: Rule = (arrivals) => {
  const turns = new Map<number, Speech[]>();
  for (const arrival of arrivals) {
    if (arrival.kind === 'speech') turns.set(arrival.speech.turn, [...(turns.get(arrival.speech.turn) ?? []), arrival.speech]);
  }
  return [...turns].flatMap(([turn, frames]) => [
    ...(frames.every(({ seq }, index) => seq === index)
      ? []
      : [`the speech of turn ${turn} is numbered ${frames.map(({ seq }) => seq).join()}`]),
    ...(frames.slice(0, -1).some(({ last }) => last) ? [`the speech of turn ${turn} goes on after its last frame`] : []),
    ...(frames.some(({ pcm, last }) => pcm.length === 0 && !last) ? [`an empty speech frame of turn ${turn} that is not the last`] : []),
  ]);
};

/** The final text is the last one, except for the correction of an interrupted reply. */
const textEndsOnce: Rule = (arrivals) => {
  const texts = new Map<number, { joined: string; ended: boolean; heard: boolean }>();
  return arrivals.flatMap((arrival) => {
    if (arrival.kind !== 'message' || arrival.message.type !== 'text_response') return [];
    const { turn, text, is_final: isFinal, full_text: fullText, heard_text: heardText } = arrival.message;
    const before = texts.get(turn) ?? { joined: '', ended: false, heard: false };
    const joined = before.joined + text;
    const heard = heardText !== undefined;
    texts.set(turn, { joined, ended: isFinal, heard });
    if (before.heard || (before.ended && !(heard && text === ''))) return [`text of turn ${turn} after its final one`];
    if (isFinal && fullText?.trim() !== joined.trim()) return [`the full text of turn ${turn} is not the pieces joined`];
    return isFinal === (fullText !== undefined)
      ? []
      : [`full_text of turn ${turn} is on a piece that is not the final one, or missing there`];
  });
};

const transcriptsEndOnce: Rule = (arrivals) => {
  const ended = new Set<number>();
  return arrivals.flatMap((arrival) => {
    if (arrival.kind !== 'message' || arrival.message.type !== 'transcript') return [];
    const { turn, text, is_final: isFinal } = arrival.message;
    if (ended.has(turn)) return [`a transcript of turn ${turn} after its final one`];
    // An empty final transcript withdraws what turned out to be a noise; the turn goes on.
    if (isFinal && text !== '') ended.add(turn);
    return [];
  });
};

const ducksArePaired: Rule = (arrivals) => {
  let ducked: number | undefined;
  return arrivals.flatMap((arrival) => {
    if (arrival.kind !== 'message') return [];
    const { message } = arrival;
    if (message.type === 'interruption') ducked = undefined;
    if (message.type !== 'duck') return [];
    const wrong = message.active ? ducked !== undefined : ducked !== message.turn;
    ducked = message.active ? message.turn : undefined;
    return wrong ? [`duck ${String(message.active)} of turn ${message.turn} out of order`] : [];
  });
};

const saidOncePerTurn: Rule = (arrivals) => {
  const seen = new Set<string>();
  return arrivals.flatMap((arrival) => {
    if (arrival.kind !== 'message' || (arrival.message.type !== 'interruption' && arrival.message.type !== 'turn_metrics')) return [];
    const key = `${arrival.message.type} of turn ${arrival.message.turn}`;
    if (seen.has(key)) return [`${key} came twice`];
    seen.add(key);
    return [];
  });
};

const RULES: readonly Rule[] = [
  beginsWithAGreeting,
  endsOnce,
  statesFollowTheTable,
  repliesBelongToTheirTurn,
  speechIsNumbered,
  textEndsOnce,
  transcriptsEndOnce,
  ducksArePaired,
  saidOncePerTurn,
];

/** An agent may send several final texts in a turn. */
const AGENT_RULES: readonly Rule[] = RULES.filter((rule) => rule !== textEndsOnce);
