import type { TurnEffect, TurnNotification } from '../turns/turn-effect';
import type { Step } from './conversation-script';

/** Watches one conversation from its start; throws at the first step that breaks it. */
export type Rule = (step: Step) => void;

/** Throws unless `condition` is true. */
export function hold(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Broken: ${rule}`);
}

/** What the client is told, in order. */
export const notifications = (effects: readonly TurnEffect[]): TurnNotification[] =>
  effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notification] : []));
