/** Counters that several servers have in common. */
export interface SharedCounters {
  /** Adds a whole number, which may be 0, and resolves with the total of all servers. Rejects if the counters cannot be reached. */
  add(name: string, amount: number): Promise<number>;
  close(): Promise<void>;
}
