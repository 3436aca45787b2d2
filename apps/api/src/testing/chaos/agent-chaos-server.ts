import type { LoggerService } from '@nestjs/common';
import { ElevenLabsVoiceAgent } from '@parley/providers';
import {
  type AgentCounters,
  type FaultPlan,
  ScriptedRecogniser,
  type Simulator,
  startSimulator,
  type Synthesiser,
} from '@parley/simulator';
import { eventually } from '@parley/testing';
import { AgentEngineFactory } from '@parley/server';
import { testSettings } from '@parley/server/testing';
import { FakeProviders } from '@parley/engine/testing';
import { TestServer } from '../test-server';
import { type ChaosServerOptions, HEARD } from './chaos-server';

/**
 * The agent's answer. It is short, because the client must play it in real time: the agent's own clock decides when an answer has been heard.
 */
export const AGENT_ANSWER = 'Twelve, as I think.';

const AGENT_ID = 'patient';
const LATENCY = { sttFinalMs: 40, llmFirstTokenMs: 60, llmTokenGapMs: 5, ttsFirstChunkMs: 40, jitter: 0.3 };
const SPEECH_SPEED = 4;
/** Shorter than in production, but longer than the delays of a busy machine. */
const HANDSHAKE_TIMEOUT_MS = 1_000;
const HEARTBEAT_MS = 500;
/** Longer than it takes to notice that a connection is lost and to reconnect, and longer than the longest delay of a frame. */
const STALL_TIMEOUT_MS = 4_000;

/** A whole server with its own simulated agent, so that faults of the agent affect only this server. Whoever starts it must close it. */
export class AgentChaosServer {
  private constructor(
    private readonly simulator: Simulator,
    private readonly server: TestServer,
  ) {}

  static async start({ seed, logger, synthesiser }: ChaosServerOptions): Promise<AgentChaosServer> {
    const simulator = await startAgents(seed, synthesiser);
    const server = await startServer(simulator, logger);
    return new AgentChaosServer(simulator, server);
  }

  get url(): string {
    return this.server.origin;
  }

  get faults(): FaultPlan {
    return this.simulator.faults;
  }

  get agents(): AgentCounters {
    return this.simulator.counters.agents;
  }

  /** Resolves when more than `count` conversations were opened and the agent receives audio, which the server sends in every conversation. */
  async opened(count: number): Promise<void> {
    const { agents } = this;
    await eventually(() => agents.conversations > count, 'a conversation with the agent');
    const { audioInMs } = agents;
    await eventually(() => agents.conversationsOpen > 0 && agents.audioInMs > audioInMs, 'the agent to hear something');
  }

  /** Resolves when the server has released everything of all conversations and the agents have no connection. */
  async allReleased(): Promise<void> {
    const engine = this.server.app.get(AgentEngineFactory, { strict: false });
    const { agents } = this;
    const open = (): number[] => [engine.resources().conversations, agents.socketsOpen - agents.socketsFrozen, agents.requestsOpen];
    await eventually(() => open().every((count) => count === 0), 'everything to be released').catch((error: unknown) => {
      throw new Error(`conversations, sockets, requests: ${open().join(' ')}`, { cause: error });
    });
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.simulator.close();
  }
}

const startAgents = (seed: number, synthesiser: Synthesiser): Promise<Simulator> =>
  startSimulator({
    recogniser: new ScriptedRecogniser({ otherwise: HEARD }),
    synthesiser,
    replies: { reply: () => [AGENT_ANSWER] },
    latency: LATENCY,
    limits: { elevenLabsSpeed: SPEECH_SPEED },
    agents: [{ id: AGENT_ID, public: false, firstMessage: '', tools: [], outputFormat: 'pcm_24000' }],
    seed,
  });

function startServer({ urls }: Simulator, logger: LoggerService): Promise<TestServer> {
  const agent = new ElevenLabsVoiceAgent({
    apiKey: 'good',
    baseUrl: urls.elevenLabs,
    agentId: AGENT_ID,
    simulated: true,
    overridable: [],
    handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
    heartbeatMs: HEARTBEAT_MS,
  });
  // The voice of the server tells the user when the agent cannot be reached.
  const providers = new FakeProviders({ tts: () => ({ msPerCharacter: 5 }) }).asProviders();
  const settings = testSettings({}, { stallTimeoutMs: STALL_TIMEOUT_MS });
  return TestServer.start(providers, logger, settings, { agent: { port: agent, available: true } });
}
