import { startSimulator, ToneSynthesiser, type Fault, type FaultRule, type Simulator, type SimulatorOptions } from '@parley/simulator';
import type { ContractFailure } from './contract-failures';
import { OrderedRecogniser } from './ordered-recogniser';

const LATENCY = { sttFinalMs: 20, llmFirstTokenMs: 5, llmTokenGapMs: 2, ttsFirstChunkMs: 10, jitter: 0 };

export interface RunningSimulator {
  simulator: Simulator;
  recogniser: OrderedRecogniser;
}

/** The simulated vendors with short delays and without speech technology. The spec must close them. */
export async function startQuickSimulator(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const recogniser = new OrderedRecogniser();
  const simulator = await startSimulator({ latency: LATENCY, recogniser, synthesiser: new ToneSynthesiser(), ...options });
  return { simulator, recogniser };
}

/** Makes the vendor fail as the contract asks, except `auth`, which depends on the key. */
export function injectFailure(simulator: Simulator, vendor: FaultRule['vendor'], failure: ContractFailure | undefined): void {
  if (failure === undefined || failure === 'auth') return;
  // A fault's kind belongs to its vendor, which the union type cannot express for a variable vendor.
  simulator.faults.inject({ vendor, ...ruleOf(failure) } as FaultRule);
}

function ruleOf(failure: Exclude<ContractFailure, 'auth'>): { fault: Fault; times: number } {
  if (failure === 'rate_limited') return { fault: { kind: 'refuse', status: 429 }, times: Infinity };
  return { fault: { kind: failure, afterFrames: 1 }, times: 1 };
}
