import type { AgentCounters, Tally } from '../../counters';
import type { ElevenLabsFault } from '../../faults/fault';
import type { DrawDelay } from '../../latency';
import type { ReplySource } from '../../openai/reply-source';
import type { Random } from '../../random';
import type { SimulatorLimits } from '../../simulator';
import type { Recogniser, Synthesiser } from '../../speech/ports';

/** What the simulated agents' conversations need. Owned by the simulator. */
export interface AgentDeps {
  recogniser: Recogniser;
  synthesiser: Synthesiser;
  replies: ReplySource;
  delay: DrawDelay;
  random: Random;
  tally: Tally<AgentCounters>;
  now(): Date;
  limits: Pick<
    SimulatorLimits,
    'elevenLabsSpeed' | 'agentSignedUrlMs' | 'agentIdleMs' | 'agentPingMs' | 'agentPongTimeoutMs' | 'agentTypingMs'
  >;
  /** The fault for the turn that begins now. */
  drawFault(): ElevenLabsFault | undefined;
}
