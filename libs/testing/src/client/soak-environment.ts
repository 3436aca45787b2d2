import { ScriptedRecogniser, type Simulator, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { fixture } from './fixtures';
import { INSPECTABLE, InspectedProcess } from './inspected-process';
import { ServerProcess } from './server-process';
import { soak, type SoakOptions, type SoakResult } from './soak';

const LATENCY = { sttFinalMs: 20, llmFirstTokenMs: 20, llmTokenGapMs: 2, ttsFirstChunkMs: 30 };
const UNLIMITED = { sarvamSockets: Infinity, openAiRequestsPerMinute: Infinity, elevenLabsConcurrency: Infinity };
const SPEECH = ['clean-time.wav', 'clean-sum.wav', 'clean-joke.wav', 'interrupt-else.wav'];
const GAUGES = ['parley_connections', 'parley_sessions', 'parley_open_streams', 'parley_turn_timers'];

/**
 * The built server in an inspected process, and the vendors in this process, where their resources are not counted. The caller must close
 * it.
 */
export class SoakEnvironment {
  private constructor(
    private readonly vendors: Simulator,
    private readonly process: ServerProcess,
    private readonly inspected: InspectedProcess,
  ) {}

  static async start(): Promise<SoakEnvironment> {
    const vendors = await startSimulator({
      recogniser: new ScriptedRecogniser({ otherwise: 'what is seven plus five' }),
      synthesiser: new ToneSynthesiser(),
      latency: LATENCY,
      limits: UNLIMITED,
    });
    const process = await ServerProcess.start({
      SARVAM_BASE_URL: vendors.urls.sarvam,
      OPENAI_BASE_URL: vendors.urls.openai,
      ELEVENLABS_BASE_URL: vendors.urls.elevenLabs,
      ...INSPECTABLE,
    });
    return new SoakEnvironment(vendors, process, await InspectedProcess.connect(process.log()));
  }

  /** Rejects when a visit goes wrong. */
  soak(options: Pick<SoakOptions, 'sessions' | 'roundMs' | 'rounds' | 'seed' | 'onSample'>): Promise<SoakResult> {
    const { url } = this.process;
    const speech = SPEECH.map((file) => fixture(file).pcm);
    return soak({ ...options, url, server: this.inspected, speech, gauges: () => gaugesOf(url) });
  }

  /** Throws when the server's log shows a defect, or when it did not end by itself. */
  async close(): Promise<void> {
    this.inspected.close();
    try {
      await this.process.stop();
    } finally {
      await this.vendors.close();
    }
  }
}

/** Uses a connection that is not kept alive, because it would count among the server's resources. */
async function gaugesOf(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  return Object.fromEntries(GAUGES.map((name) => [name, Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])]));
}
