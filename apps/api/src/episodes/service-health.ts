import type { Service } from './open-storage';

/** `away`: it does not answer. `unusable`: it is there, but not what it should be. */
export type ServiceState = 'ok' | 'away' | 'unusable';
export type ServiceReport = Partial<Record<Service, ServiceState>>;

/** The longest that an answer is waited for, in milliseconds. */
const TIMEOUT_MS = 2_000;
/** Whoever asks more often gets the same answer, so that nobody can put load on the services by asking. */
const VALID_MS = 1_000;

/** Asks services whether they answer. */
export class ServiceHealth {
  private last: { report: Promise<ServiceReport>; untilMs: number } | undefined;

  constructor(private readonly checks: Partial<Record<Service, () => Promise<boolean>>>) {}

  report(): Promise<ServiceReport> {
    if (!this.last || performance.now() >= this.last.untilMs) this.last = { report: this.ask(), untilMs: performance.now() + VALID_MS };
    return this.last.report;
  }

  private async ask(): Promise<ServiceReport> {
    const entries = Object.entries(this.checks).map(async ([name, check]) => [name, (await inTime(check())) ? 'ok' : 'away']);
    return Object.fromEntries(await Promise.all(entries)) as ServiceReport;
  }
}

async function inTime(check: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, TIMEOUT_MS, false)));
  const answer = check.catch(() => false);
  const isOk = await Promise.race([answer, late]);
  clearTimeout(timer);
  return isOk;
}
