import type { SimulatorOptions } from '../simulator';
import { AgentCaller } from './agent-caller';
import { startQuickSimulator, type QuickSimulator } from './quick-simulator';

/** A quick simulator and the clients of its agents, for one test. The spec must close it. */
export class AgentTestSetup {
  readonly #callers: AgentCaller[] = [];

  private constructor(readonly simulator: QuickSimulator) {}

  /** Beside the default agent there is `quiet`, which has no first message. */
  static async start(options: Partial<SimulatorOptions> = {}): Promise<AgentTestSetup> {
    const agents = [{ id: 'quiet', firstMessage: '' }, ...(options.agents ?? [])];
    return new AgentTestSetup(await startQuickSimulator({ ...options, agents }));
  }

  get origin(): string {
    return this.simulator.urls.elevenLabs;
  }

  get counters(): QuickSimulator['counters']['agents'] {
    return this.simulator.counters.agents;
  }

  /** Calls a public agent. `initiation`: the fields of the initiation data; null: it is not sent. */
  call(agentId = 'quiet', initiation: object | null = {}): Promise<AgentCaller> {
    return this.open(`${this.origin}/v1/convai/conversation?agent_id=${agentId}`, initiation);
  }

  async open(url: string, initiation: object | null = {}, protocols?: string[]): Promise<AgentCaller> {
    const caller = await AgentCaller.open(url, initiation, protocols);
    this.#callers.push(caller);
    return caller;
  }

  /** Asks for a signed URL or a token. */
  get(path: string, key = 'good'): Promise<Response> {
    return fetch(`${this.origin}/v1/convai/conversation/${path}`, { headers: { 'xi-api-key': key } });
  }

  async close(): Promise<void> {
    for (const { socket } of this.#callers) socket.ws.terminate();
    await this.simulator.close();
  }
}
