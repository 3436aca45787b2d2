/** Log lines that a correct server never writes: uncaught errors, or states that its own code calls impossible. */
const DEFECTS = /unhandled|uncaught|unexpected failure|could not be handled|could not be started|MaxListenersExceeded/i;
const DEFECT_LEVELS = /\b(ERROR|FATAL)\b/;

/** The lines of a server's output that show a defect. */
export const defectsIn = (log: string): string[] => log.split('\n').filter((line) => DEFECTS.test(line) || DEFECT_LEVELS.test(line));
