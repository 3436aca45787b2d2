import type { TurnEffect, TurnNotification } from '../turns/turn-effect';
import type { Step } from './conversation-script';

/** Watches one conversation from its start, and throws at the first step that breaks the rule. */
export type Rule = (step: Step) => void;

/** Throws unless `condition` is true. */
export function hold(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Broken: ${rule}`);
}

/** The messages to the client, in order. */
export const notifications = (effects: readonly TurnEffect[]): TurnNotification[] =>
  effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notification] : []));
