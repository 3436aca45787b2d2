import { constants } from 'node:os';

/** How a program is asked to end: when its conversations have had their time, or at once. */
export type Ending = 'drain' | 'now';

/** Those who run servers send SIGTERM; SIGINT and SIGHUP come from a terminal, whose user does not want to wait. */
const ENDINGS = { SIGTERM: 'drain', SIGINT: 'now', SIGHUP: 'now' } as const satisfies Partial<Record<NodeJS.Signals, Ending>>;
type EndSignal = keyof typeof ENDINGS;
const SIGNALS = Object.keys(ENDINGS) as EndSignal[];

/** The part of `process` that is used. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface EndSignalsOptions {
  source: SignalSource;
  /** Called for the first signal. */
  begin: (ending: Ending) => void;
  /** Called for the second one, with the exit code that shells expect of a program that a signal has ended. */
  exitAtOnce: (code: number) => void;
  /**
   * For how long after the first signal another one is taken for the same, in ms: a program that was started by npm gets each signal of a
   * terminal twice.
   */
  sameWithinMs: number;
}

/** Begins the end of the program with the first signal, and has it exit at once with a second one. */
export function listenToEndSignals({ source, begin, exitAtOnce, sameWithinMs }: EndSignalsOptions): void {
  let beganAtMs: number | undefined;
  for (const signal of SIGNALS) {
    source.on(signal, () => {
      if (beganAtMs === undefined) {
        beganAtMs = performance.now();
        begin(ENDINGS[signal]);
      } else if (performance.now() - beganAtMs >= sameWithinMs) exitAtOnce(128 + constants.signals[signal]);
    });
  }
}

/** Keeps these signals from ending the program. */
export function ignoreEndSignals(source: SignalSource): void {
  for (const signal of SIGNALS) source.on(signal, () => undefined);
}
