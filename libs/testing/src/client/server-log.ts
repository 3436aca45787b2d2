/** Lines that a sound server never writes: work that nobody caught, or something that its own code calls impossible. */
const DEFECTS = /unhandled|uncaught|unexpected failure|could not be handled|could not be started|MaxListenersExceeded/i;
const DEFECT_LEVELS = /\b(ERROR|FATAL)\b/;

/** The lines of a server's output that tell of a defect. */
export const defectsIn = (log: string): string[] => log.split('\n').filter((line) => DEFECTS.test(line) || DEFECT_LEVELS.test(line));
