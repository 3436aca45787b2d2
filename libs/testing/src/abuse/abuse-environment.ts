import { DEFAULT_AGENT_ID, ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { INSPECTABLE, InspectedProcess, type Memory } from '../client/inspected-process';
import { RESOURCE_GAUGES, type Resources, resourcesOf } from '../client/resources';
import { ServerProcess } from '../client/server-process';
import { poll } from '../client/sleep';

const LATENCY = { sttFinalMs: 20, llmFirstTokenMs: 20, llmTokenGapMs: 2, ttsFirstChunkMs: 30 };
const UNLIMITED = { sarvamSockets: Infinity, openAiRequestsPerMinute: Infinity, elevenLabsConcurrency: Infinity };
const RELEASE_TIMEOUT_MS = 60_000;
const REST_TIMEOUT_MS = 30_000;
const KEYS = { SARVAM_API_KEY: 'xq-sarvam-key', OPENAI_API_KEY: 'sk-xq-openai-key', ELEVENLABS_API_KEY: 'xq-eleven-key' };

/** The built server in an inspected process. The caller must close it. */
export class AbuseEnvironment {
  private constructor(
    readonly server: ServerProcess,
    private readonly inspected: InspectedProcess,
    private readonly vendors: Simulator | undefined,
  ) {}

  /** Its vendors are the built-in ones, which are patient where the machine is slow. `env`: more of the server's environment variables. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<AbuseEnvironment> {
    const server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1', ...INSPECTABLE, ...env });
    return new AbuseEnvironment(server, await InspectedProcess.connect(server.log()), undefined);
  }

  /** The vendors are in this process, so that the server has keys, and its figures are its own. */
  static async withVendors(env: Readonly<Record<string, string>> = {}): Promise<AbuseEnvironment> {
    const vendors = await startSimulator({
      recogniser: new ScriptedRecogniser({ otherwise: 'what is seven plus five' }),
      synthesiser: new ToneSynthesiser(),
      latency: LATENCY,
      limits: UNLIMITED,
    });
    const server = await ServerProcess.start({
      SARVAM_BASE_URL: vendors.urls.sarvam,
      OPENAI_BASE_URL: vendors.urls.openai,
      ELEVENLABS_BASE_URL: vendors.urls.elevenLabs,
      ELEVENLABS_AGENT_ID: DEFAULT_AGENT_ID,
      ...KEYS,
      ...INSPECTABLE,
      ...env,
    });
    return new AbuseEnvironment(server, await InspectedProcess.connect(server.log()), vendors);
  }

  /**
   * The server's memory after a collection, once all conversations are released. With `ceiling`, it is waited for a while until the memory is
   * below it, because buffers are given back with a delay; then what there is is returned.
   */
  async memoryAtRest(ceiling?: Partial<Memory>): Promise<Memory> {
    const isNothing = (held: Resources): boolean => RESOURCE_GAUGES.every((name) => held[name] === 0);
    await poll('the release of every conversation', () => resourcesOf(this.server), isNothing, RELEASE_TIMEOUT_MS);
    const isBelow = (memory: Memory): boolean =>
      MEMORY_KINDS.every((kind) => ceiling?.[kind] === undefined || memory[kind] <= ceiling[kind]);
    return poll('rest', () => this.inspected.memory(), isBelow, REST_TIMEOUT_MS).catch(() => this.inspected.memory());
  }

  /** The keys that the server's log contains: none, if all is well. */
  keysInLog(): string[] {
    const log = this.server.log();
    return Object.values(KEYS).filter((key) => log.includes(key));
  }

  /** Throws when the server has crashed, or its log shows a defect such as an unhandled rejection. */
  async close(): Promise<void> {
    this.inspected.close();
    try {
      await this.server.stop();
    } finally {
      await this.vendors?.close();
    }
  }
}

const MEMORY_KINDS = ['heapBytes', 'externalBytes', 'residentBytes'] as const;
