import { readFileSync } from 'node:fs';

/** Of Linux: in `/proc`, CPU time is counted in hundredths of a second. */
const TICK_MS = 10;

/** What a process has used so far, its threads included. */
export interface ProcessCost {
  readonly cpuMs: number;
  /** Its share of memory, in MB: what several processes have in common counts once. */
  readonly memoryMb: number;
}

export function costOf(pid: number): ProcessCost {
  // The name in the second field may contain spaces, so counting starts behind it: user time is the 14th field, system time the 15th.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const pssKb = Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, memoryMb: pssKb / 1024 };
}
