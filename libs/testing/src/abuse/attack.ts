import type { Server } from '../client/server-process';

/** What happened in an attack, counted. */
export type AttackTally = Record<string, number>;

export interface AttackOptions {
  readonly server: Pick<Server, 'url'>;
  /** How much of the whole attack is made, 0 to 1. */
  readonly scale: number;
  /** Numbers in [0, 1). The attack is the same for the same numbers, apart from the network's timing. */
  readonly random: () => number;
  /** The address of this machine from which the attack comes. Default: the system's choice. */
  readonly from?: string;
}

/** Something that hostile clients do. It ends by itself, and rejects when the server breaks its protocol. */
export interface Attack {
  readonly name: string;
  run(options: AttackOptions): Promise<AttackTally>;
}

/** How often something is done at this scale, at least once. */
export const scaled = (times: number, scale: number): number => Math.max(1, Math.round(times * scale));

/** Counts one more of something. */
export const count = (tally: AttackTally, what: string, times = 1): void => void (tally[what] = (tally[what] ?? 0) + times);

/** Runs `act` for 0 to `times - 1`, at most `atOnce` of them at the same time. */
export async function several(times: number, atOnce: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < times) await act(next++);
  };
  await Promise.all(Array.from({ length: Math.min(times, atOnce) }, worker));
}
