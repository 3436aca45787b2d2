import { pickRandom } from '../client/random-choice';
import { frame, Opcode } from '../client/raw-client';
import { damagedText } from './damaged-text';

type Random = () => number;

/** One message as it is written to the socket. */
export interface FuzzedMessage {
  readonly kind: string;
  /** To be written one after the other. */
  readonly writes: readonly Uint8Array[];
  /** True when the server takes what follows as part of this message, so that it answers to nothing any more. */
  readonly swallowsTheRest: boolean;
}

const LONGEST_BINARY = 3_000;
const MOST_PARTS = 12;
const MEGABYTE = 1024 * 1024;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const text = (random: Random): Buffer => Buffer.from(damagedText(random));
const bytes = (random: Random): Buffer => Buffer.from(Array.from({ length: below(random, LONGEST_BINARY) }, () => below(random, 256)));

/** The bytes in up to `MOST_PARTS` pieces, some of them empty. */
function inParts(whole: Buffer, random: Random): Buffer[] {
  const cuts = Array.from({ length: below(random, MOST_PARTS) }, () => below(random, whole.length + 1)).sort((a, b) => a - b);
  return [...cuts, whole.length].map((end, index) => whole.subarray(cuts[index - 1] ?? 0, end));
}

/** One message in several frames, some with a ping between them. */
function fragments(random: Random): Buffer[] {
  const opcode = random() < 0.8 ? Opcode.text : Opcode.binary;
  const parts = inParts(opcode === Opcode.text ? text(random) : bytes(random), random);
  return parts.flatMap((payload, index) => [
    frame({ opcode: index === 0 ? opcode : Opcode.continuation, payload, fin: index === parts.length - 1 }),
    ...(random() < 0.2 ? [frame({ opcode: Opcode.ping, payload: Buffer.from('between') })] : []),
  ]);
}

/** Valid text with some bytes that are not UTF-8 in it. */
function badUtf8(random: Random): Buffer {
  const payload = text(random);
  for (let times = 1 + below(random, 5); times > 0 && payload.length > 0; times--) {
    payload[below(random, payload.length)] = pickRandom([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xf5], random);
  }
  return frame({ opcode: Opcode.text, payload });
}

/** Sound in JSON whose bytes are anything. */
function anySound(random: Random): Buffer {
  const format = pickRandom(['audio/pcm;rate=16000', 'audio/wav', 'audio/webm', 'audio/webm;codecs=opus', 'audio/ogg'], random);
  const start = format.includes('wav') ? Buffer.from('RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0', 'latin1') : Buffer.from('1a45dfa3', 'hex');
  const data = Buffer.concat([random() < 0.7 ? start : Buffer.alloc(0), bytes(random)]).toString('base64');
  return frame({ opcode: Opcode.text, payload: Buffer.from(JSON.stringify({ type: 'audio_chunk', format, data })) });
}

const whole = (bytesOf: (random: Random) => Buffer) => (random: Random) => ({ writes: [bytesOf(random)], swallowsTheRest: false });
const unfinished = (bytesOf: (random: Random) => Buffer) => (random: Random) => ({ writes: [bytesOf(random)], swallowsTheRest: true });

const KINDS: Readonly<Record<string, (random: Random) => Omit<FuzzedMessage, 'kind'>>> = {
  text: whole((random) => frame({ opcode: Opcode.text, payload: text(random) })),
  'text again': whole((random) => frame({ opcode: Opcode.text, payload: text(random) })),
  bytes: whole((random) => frame({ opcode: Opcode.binary, payload: bytes(random) })),
  sound: whole(anySound),
  fragments: (random) => ({ writes: fragments(random), swallowsTheRest: false }),
  'split writes': (random) => ({
    writes: inParts(frame({ opcode: Opcode.text, payload: text(random) }), random),
    swallowsTheRest: false,
  }),
  'bad UTF-8': whole(badUtf8),
  'text that is binary': whole((random) => frame({ opcode: Opcode.binary, payload: text(random) })),
  'a control frame': whole((random) =>
    frame({
      opcode: pickRandom([Opcode.ping, Opcode.pong, Opcode.close], random),
      payload: bytes(random).subarray(0, below(random, 130)),
      fin: random() < 0.9,
    }),
  ),
  'an invalid frame': whole((random) =>
    frame({ opcode: below(random, 16), payload: bytes(random), reserved: below(random, 8), masked: random() < 0.5, fin: random() < 0.5 }),
  ),
  'an unfinished frame': unfinished((random) =>
    frame({
      opcode: pickRandom([Opcode.text, Opcode.binary], random),
      payload: bytes(random),
      claimedLength: 4_000 + below(random, MEGABYTE),
    }),
  ),
  'no frame at all': unfinished(bytes),
};

/** A message that a hostile or broken client might send: structured or random, text or bytes, whole or in pieces. The same for the same numbers. */
export function fuzzedMessage(random: () => number): FuzzedMessage {
  const [kind, make] = pickRandom(Object.entries(KINDS), random);
  return { kind, ...make(random) };
}
