import type { Random } from '../random';
import { checkFault } from './check-fault';
import { FAULT_KINDS_AT, type Fault, type FaultOf, type FaultRule, type FaultStage, type Vendor } from './fault';

/** An injected rule: what became of it, and the way to take it back. */
export interface InjectedFault {
  /** How often it has triggered. */
  readonly triggered: number;
  remove(): void;
}

/** The scenario: what goes wrong, where, how often. Rules are tried in the order in which they were injected. */
export interface FaultPlan {
  /** Throws a RangeError for a status or close code that cannot go over the wire. */
  inject(rule: FaultRule): InjectedFault;
  /**
   * Lets the fault come upon what is under way at this moment: the work that is open, else the idle connections. What a fault cannot come
   * upon is left for what begins next, and `refuse` and `slow-headers` cut off what is open so that something does. All that is triggered now
   * counts as one time. Throws as `inject` does.
   */
  injectNow(rule: FaultRule): InjectedFault;
  /** Takes all rules back; what has already triggered goes on. */
  clear(): void;
}

/** A connection or request that is open. */
export interface FaultTarget {
  /** False when the fault cannot come upon it as it is. */
  injectFault(fault: Fault): boolean;
}

/** The simulator's side of the plan. */
export class SeededFaultPlan implements FaultPlan {
  readonly #rules = new Set<{ rule: FaultRule; triggered: number }>();
  readonly #open = new Set<{ vendor: Vendor; endpoint: string; target: FaultTarget }>();

  constructor(private readonly random: Random) {}

  inject(rule: FaultRule): InjectedFault {
    checkFault(rule.fault);
    const entry = { rule, triggered: 0 };
    this.#rules.add(entry);
    return {
      get triggered() {
        return entry.triggered;
      },
      remove: () => void this.#rules.delete(entry),
    };
  }

  injectNow(rule: FaultRule): InjectedFault {
    checkFault(rule.fault);
    let now = 0;
    for (const { vendor, endpoint, target } of [...this.#open]) {
      if (vendor !== rule.vendor || (rule.endpoint !== undefined && rule.endpoint !== endpoint)) continue;
      if (isMeantFor(rule.fault, vendor, endpoint) && target.injectFault(rule.fault)) now = 1;
    }
    const times = (rule.times ?? 1) - now;
    const later = times > 0 ? this.inject({ ...rule, times }) : undefined;
    return {
      get triggered() {
        return now + (later?.triggered ?? 0);
      },
      remove: () => later?.remove(),
    };
  }

  /** Something that faults can come upon has begun; to be told of its end by calling what is returned. */
  opened(vendor: Vendor, endpoint: string, target: FaultTarget): () => void {
    const entry = { vendor, endpoint, target };
    this.#open.add(entry);
    return () => void this.#open.delete(entry);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** The fault for what begins now, or undefined when all goes well. An HTTP request asks for both stages at once. */
  draw<V extends Vendor>(vendor: V, endpoint: string, stages: readonly FaultStage[]): FaultOf<V> | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (!isRuleOf(vendor, rule) || (rule.endpoint !== undefined && rule.endpoint !== endpoint)) continue;
      if (!isMeantFor(rule.fault, vendor, endpoint)) continue;
      if (!stages.includes(rule.at ?? defaultStage(rule.fault))) continue;
      if (rule.probability !== undefined && this.random() >= rule.probability) continue;
      entry.triggered += 1;
      if (entry.triggered >= (rule.times ?? 1)) this.#rules.delete(entry);
      return rule.fault;
    }
    return undefined;
  }
}

/** A rule's vendor decides what faults it can have, which the compiler does not follow through the union. */
function isRuleOf<V extends Vendor>(vendor: V, rule: FaultRule): rule is FaultRule & { vendor: V; fault: FaultOf<V> } {
  return rule.vendor === vendor;
}

/** The same for endpoints whose names are only known to be strings. */
const KINDS_AT: Readonly<Record<Vendor, Readonly<Record<string, readonly Fault['kind'][]>>>> = FAULT_KINDS_AT;

/** A rule for all endpoints must not be used up, or silence what it cannot break, where its fault means nothing. */
const isMeantFor = ({ kind }: Fault, vendor: Vendor, endpoint: string): boolean => KINDS_AT[vendor][endpoint]?.includes(kind) ?? false;

function defaultStage(fault: Fault): FaultStage {
  switch (fault.kind) {
    case 'refuse':
    case 'slow-headers':
    case 'error-then-close':
    case 'close':
      return 'connection';
    default:
      return 'work';
  }
}
