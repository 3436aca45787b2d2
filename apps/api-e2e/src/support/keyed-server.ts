import { ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { poll, type Server, ServerProcess } from '@parley/testing/client';

/** Whatever the user says, the recogniser returns `HEARD`, and the answer matches `ANSWER`. */
export const HEARD = 'what is seven plus five';
export const ANSWER = /twelve/;

export interface Keys {
  readonly SARVAM_API_KEY: string;
  readonly OPENAI_API_KEY: string;
  readonly ELEVENLABS_API_KEY: string;
}

export const GOOD_KEYS: Keys = { SARVAM_API_KEY: 'xq-sarvam-key', OPENAI_API_KEY: 'sk-xq-openai-key', ELEVENLABS_API_KEY: 'xq-eleven-key' };

const UTTERANCES = 200;
const QUICK = { sttFinalMs: 20, llmFirstTokenMs: 20, llmTokenGapMs: 2, ttsFirstChunkMs: 30 };

/** Starts the simulated vendors in this process, with short delays. The caller must close them, after the servers that use them. */
export const startVendors = (): Promise<Simulator> =>
  startSimulator({
    recogniser: new ScriptedRecogniser({ texts: Array<string>(UTTERANCES).fill(HEARD) }),
    synthesiser: new ToneSynthesiser(),
    latency: QUICK,
  });

/** The environment of a server that has keys and uses these vendors as the real ones. */
export const vendorEnvironment = ({ urls }: Simulator): Record<string, string> => ({
  SARVAM_BASE_URL: urls.sarvam,
  OPENAI_BASE_URL: urls.openai,
  ELEVENLABS_BASE_URL: urls.elevenLabs,
  ...GOOD_KEYS,
});

/** Starts a server that has keys and uses these vendors as the real ones. The caller must stop it. */
export const startKeyedServer = (
  vendors: Simulator,
  keys: Partial<Keys> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> => ServerProcess.start({ ...vendorEnvironment(vendors), ...keys, ...env });

/** A server with its own vendors. Its tests must run one after the other, because a fault affects whichever request comes next. */
export class ServerWithOwnVendors {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly vendors: Simulator,
    private readonly process: ServerProcess,
  ) {}

  static async start(): Promise<ServerWithOwnVendors> {
    const vendors = await startVendors();
    return new ServerWithOwnVendors(vendors, await startKeyedServer(vendors));
  }

  get server(): Server {
    return this.process;
  }

  /** Runs `test` after those before it, and removes the faults that it leaves. */
  readonly exclusively = <T>(test: () => Promise<T>): Promise<T> => {
    const mine = this.last.then(test).finally(() => this.vendors.faults.clear());
    this.last = mine.catch(() => undefined);
    return mine;
  };

  /** Stops the server and the vendors, once the server has closed all connections to them. */
  async stop(): Promise<void> {
    try {
      await this.allVendorConnectionsClosed();
      await this.process.stop();
    } finally {
      await this.vendors.close();
    }
  }

  /** Stops the server, which may keep a connection for the next narration, and the vendors, once no connection is left of it. */
  async stopWithSpare(): Promise<void> {
    try {
      await this.process.stop();
      await this.allVendorConnectionsClosed();
    } finally {
      await this.vendors.close();
    }
  }

  private async allVendorConnectionsClosed(): Promise<void> {
    const { sarvam, openai, elevenLabs } = this.vendors.counters;
    const open = async (): Promise<number[]> => [sarvam.socketsOpen, elevenLabs.socketsOpen, openai.requestsOpen, elevenLabs.requestsOpen];
    await poll('the vendors to be left alone', open, (counts) => counts.every((count) => count === 0), 50_000);
  }
}
