import type { Random } from '../random';
import { checkFault } from './check-fault';
import { FAULT_KINDS_AT, type Fault, type FaultOf, type FaultRule, type FaultStage, type Vendor } from './fault';
import { placed } from './placed';

/** An injected rule: how often it was triggered, and a way to remove it. */
export interface InjectedFault {
  /** How often the fault was triggered. */
  readonly triggered: number;
  remove(): void;
}

/** Decides what goes wrong, where and how often. Rules are tried in the order in which they were injected. */
export interface FaultPlan {
  /** Throws a RangeError for a status or close code that cannot go over the wire, and for a place that does not exist. */
  inject(rule: FaultRule): InjectedFault;
  /**
   * Applies the fault to what is in progress at this moment: the open work, or else the idle connections. If it cannot be applied there, it
   * waits for what begins next; `refuse` and `slow-headers` cut off what is open, so that clients try again. Everything affected now counts
   * as one time. Throws as `inject` does.
   */
  injectNow(rule: FaultRule): InjectedFault;
  /** Removes all rules; faults that are already triggered stay in effect. */
  clear(): void;
}

/** An open connection or request that a fault can be applied to. */
export interface FaultTarget {
  /** Applies the fault; false when that is not possible in the present state. */
  injectFault(fault: Fault): boolean;
}

/** The plan as the simulator uses it: it draws the faults. */
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
    const fault = placed(rule.fault, this.random);
    for (const { vendor, endpoint, target } of [...this.#open]) {
      if (vendor !== rule.vendor || (rule.endpoint !== undefined && rule.endpoint !== endpoint)) continue;
      if (isMeantFor(fault, vendor, endpoint) && target.injectFault(fault)) now = 1;
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

  /** Registers an open connection or request. Returns a function to be called when it ends. */
  opened(vendor: Vendor, endpoint: string, target: FaultTarget): () => void {
    const entry = { vendor, endpoint, target };
    this.#open.add(entry);
    return () => void this.#open.delete(entry);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** The fault for what begins now, or undefined if there is none. An HTTP request draws for both stages at once. */
  draw<V extends Vendor>(vendor: V, endpoint: string, stages: readonly FaultStage[]): FaultOf<V> | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (!isRuleOf(vendor, rule) || (rule.endpoint !== undefined && rule.endpoint !== endpoint)) continue;
      if (!isMeantFor(rule.fault, vendor, endpoint)) continue;
      if (!stages.includes(rule.at ?? defaultStage(rule.fault))) continue;
      if (rule.probability !== undefined && this.random() >= rule.probability) continue;
      entry.triggered += 1;
      if (entry.triggered >= (rule.times ?? 1)) this.#rules.delete(entry);
      return placed(rule.fault, this.random);
    }
    return undefined;
  }
}

/** The vendor of a rule determines its faults, which the compiler cannot derive from the union. */
function isRuleOf<V extends Vendor>(vendor: V, rule: FaultRule): rule is FaultRule & { vendor: V; fault: FaultOf<V> } {
  return rule.vendor === vendor;
}

/** `FAULT_KINDS_AT`, indexed by endpoint names of type string. */
const KINDS_AT: Readonly<Record<Vendor, Readonly<Record<string, readonly Fault['kind'][]>>>> = FAULT_KINDS_AT;

/** A rule for all endpoints must not be used up by an endpoint that does not have its fault. */
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
