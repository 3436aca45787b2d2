import { CONVERSATION_STATES, type RoomServerMessage } from '@parley/protocol';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isTurn: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isState: Check = (value) => CONVERSATION_STATES.some((state) => state === value);
const isNumbers: Check = (value) => typeof value === 'object' && value !== null && Object.values(value).every(isNumber);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** What a page relies on in the messages that it shows. Others are of no use in a room: speech and its loudness come over the audio track. */
const SHOWN: Partial<Record<RoomServerMessage['type'], Readonly<Record<string, Check>>>> = {
  state: { state: isState, turn: isTurn },
  transcript: { turn: isTurn, text: isText, is_final: isFlag, identity: optional(isText) },
  text_response: { turn: isTurn, text: isText, is_final: isFlag, full_text: optional(isText), heard_text: optional(isText) },
  interruption: { turn: isTurn, reason: isText },
  turn_metrics: {
    turn: isTurn,
    marks: isNumbers,
    speculative: isFlag,
    drafts: optional(isNumbers),
    heard_text: optional(isText),
  },
  error: { code: isText, message: isText, fatal: isFlag },
  notice: { code: isText, message: isText },
  conversation_ended: { reason: isText },
};

/** Parses a data message of the assistant; undefined for anything that is not a whole message of a kind that the page shows. */
export function parseRoomMessage(bytes: Uint8Array): RoomServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return undefined;
  const checks = Object.hasOwn(SHOWN, value.type) ? SHOWN[value.type as RoomServerMessage['type']] : undefined;
  if (!checks || !Object.entries(checks).every(([name, check]) => check(Reflect.get(Object(value), name)))) return undefined;
  return value as RoomServerMessage;
}
