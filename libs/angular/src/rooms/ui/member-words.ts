import type { AgentState, ConnectionGrade, RoomMember } from '@parley/client/rooms';

const GRADES: Record<ConnectionGrade, { words: string; bars: number }> = {
  excellent: { words: 'Connection: excellent', bars: 3 },
  good: { words: 'Connection: good', bars: 2 },
  poor: { words: 'Connection: poor', bars: 1 },
  lost: { words: 'Connection: lost', bars: 0 },
  unknown: { words: 'Connection: not known yet', bars: 0 },
};

const AGENT_WORDS: Record<AgentState, string> = {
  initializing: 'Getting ready',
  idle: 'Here',
  listening: 'Listening',
  thinking: 'Thinking',
  speaking: 'Speaking',
};

/** A connection in words, and as 0 to 3 bars. */
export const gradeInWords = (grade: ConnectionGrade): { words: string; bars: number } => GRADES[grade];

/** What the assistant does. */
export const agentStateInWords = (state: AgentState | undefined): string => (state === undefined ? AGENT_WORDS.idle : AGENT_WORDS[state]);

/** Up to two letters that stand for a name: of its first and its last word. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word === undefined ? '' : [...word][0]));
  return letters.join('').toLocaleUpperCase() || '?';
}

/** A colour for somebody without a camera: the same one wherever they are. In degrees of hue. */
export function hueOf(identity: string): number {
  let hash = 0;
  for (const letter of identity) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** All that a tile shows, in one sentence for screen readers. */
export function memberInWords({ name, isMe, microphone, isSpeaking, kind, agentState, connection }: RoomMember): string {
  const parts = [
    isMe ? `${name}, you` : name,
    kind === 'assistant' ? `assistant, ${agentStateInWords(agentState).toLowerCase()}` : '',
    kind === 'person' && microphone !== 'on' ? (microphone === 'muted' ? 'muted' : 'without a microphone') : '',
    isSpeaking && kind === 'person' ? 'speaking' : '',
    gradeInWords(connection).words.toLowerCase(),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
