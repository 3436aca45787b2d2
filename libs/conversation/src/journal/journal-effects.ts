import type { AgentTurnEffect } from '../agent-turns/agent-turn-effect';
import type { TurnEffect } from '../turns/turn-effect';

type Effect = TurnEffect | AgentTurnEffect;

/**
 * The fields that effects have got since the first journals of version 1, by the type of the effect. The engine always sets such a field,
 * so a journal in which no effect of that type has it was recorded before the field existed.
 */
const LATER_FIELDS: Readonly<Partial<Record<Effect['type'], readonly string[]>>> = {
  start_reply: ['speculative'],
};

/**
 * Returns a function that leaves out of an effect what a journal with these recorded effects cannot say, so that an older journal is
 * compared by what it holds. A journal that knows a field is compared in full.
 */
export function withoutLaterFields<Decided extends Effect>(recorded: readonly Effect[]): (effect: Decided) => Decided {
  const unknown = new Map(
    Object.entries(LATER_FIELDS).map(([type, fields]) => [type, fields.filter((field) => !isKnown(recorded, type, field))]),
  );
  return (effect) => {
    const fields = unknown.get(effect.type) ?? [];
    if (fields.length === 0) return effect;
    return Object.fromEntries(Object.entries(effect).filter(([name]) => !fields.includes(name))) as Decided;
  };
}

const isKnown = (recorded: readonly Effect[], type: string, field: string): boolean =>
  recorded.some((effect) => effect.type === type && Object.hasOwn(effect, field));
