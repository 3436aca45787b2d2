import { createTallies, type SimulatorCounters } from './counters';
import { createAgentsVendor, isAgentsPath } from './elevenlabs/agents/agents-vendor';
import { createElevenLabsVendor } from './elevenlabs/elevenlabs-vendor';
import { SeededFaultPlan, type FaultPlan } from './faults/fault-plan';
import { latencyOf } from './latency';
import { createOpenAiVendor } from './openai/openai-vendor';
import { seededRandom, type Random } from './random';
import { createSarvamVendor } from './sarvam/sarvam-vendor';
import { sharedOrigin, startVendorServer, type VendorServer } from './server/vendor-server';
import { createSkillBot } from './skill-bot';
import { DEFAULT_LIMITS, DEFAULT_MODELS_AS_OF, MIDDLE_LATENCY, type SimulatorOptions, type SimulatorUrls } from './simulator';

/** The running simulated vendors. The caller of `startSimulator` must close them. */
export interface Simulator {
  readonly urls: SimulatorUrls;
  /** The fault plan, which may be changed at any time. */
  readonly faults: FaultPlan;
  /** What the vendors have counted so far; updated live. */
  readonly counters: SimulatorCounters;
  /** Ends every connection and gives the ports back. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts three servers on 127.0.0.1, one per vendor, that speak the vendors' own wire formats. The recogniser and the synthesiser stay
 * their owner's. Rejects when a fixed port is taken; nothing is left running then.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { recogniser, synthesiser, ports = {}, seed = 1, now = () => new Date() } = options;
  const random = (label: string): Random => seededRandom(seed, label);
  const profile = { ...MIDDLE_LATENCY, ...options.latency };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const delay = (vendor: string) => latencyOf(profile, random(`${vendor} latency`));
  const plan = new SeededFaultPlan(random('faults'));
  const tallies = createTallies();
  const replies = options.replies ?? createSkillBot({ now, seed });
  const servers: VendorServer[] = [];
  const close = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.close())));
  try {
    const sarvam = createSarvamVendor({
      plan,
      tally: tallies.sarvam,
      recogniser,
      delay: delay('sarvam'),
      random: random('sarvam'),
      withheldWords: options.withheldWords ?? 0,
      limits,
    });
    const openai = createOpenAiVendor({
      plan,
      tally: tallies.openai,
      replies,
      delay: delay('openai'),
      random: random('openai'),
      now,
      requestsPerMinute: limits.openAiRequestsPerMinute,
      strictChat: options.strictChat ?? {},
      modelsAsOf: options.modelsAsOf ?? DEFAULT_MODELS_AS_OF,
    });
    const elevenLabs = createElevenLabsVendor({
      plan,
      tally: tallies.elevenLabs,
      synthesiser,
      delay: delay('elevenlabs'),
      random: random('elevenlabs'),
      alignment: options.alignment ?? 'whole',
      limits,
    });
    const agents = createAgentsVendor({
      plan,
      tally: tallies.agents,
      agents: options.agents ?? [],
      recogniser,
      synthesiser,
      replies,
      delay: delay('elevenlabs agents'),
      random: random('elevenlabs agents'),
      now,
      limits,
    });
    servers.push(await startVendorServer(ports.sarvam ?? 0, sarvam));
    servers.push(await startVendorServer(ports.openai ?? 0, openai));
    servers.push(await startVendorServer(ports.elevenLabs ?? 0, sharedOrigin(isAgentsPath, agents, elevenLabs)));
  } catch (error) {
    await close();
    throw error;
  }
  const origin = (index: number): string => `http://127.0.0.1:${servers[index]?.port}`;
  return {
    urls: { sarvam: origin(0), openai: `${origin(1)}/v1`, elevenLabs: origin(2) },
    faults: plan,
    counters: tallies,
    close,
  };
}
