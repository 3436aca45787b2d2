import type {
  ProviderInfo,
  VoiceAgent,
  VoiceAgentListener,
  VoiceAgentOptions,
  VoiceAgentOverride,
  VoiceAgentSession,
  WarmSessions,
} from '@parley/providers';

export interface OnDemandAgentOptions {
  info: ProviderInfo;
  overridable: ReadonlySet<VoiceAgentOverride>;
  /** Creates the agent; called for the first conversation. */
  make: () => Promise<VoiceAgent>;
}

const NOTHING_WARM: WarmSessions = { ready: 0, hits: 0, misses: 0 };

/**
 * An agent that is created when the first conversation needs it, because the simulator behind it takes memory that most servers never need.
 */
export class OnDemandAgent implements VoiceAgent {
  readonly info: ProviderInfo;
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  private made: VoiceAgent | undefined;
  private making: Promise<VoiceAgent> | undefined;
  private isWarming = false;
  private isClosed = false;

  constructor(private readonly options: OnDemandAgentOptions) {
    this.info = options.info;
    this.overridable = options.overridable;
  }

  get warm(): WarmSessions {
    return this.made?.warm ?? NOTHING_WARM;
  }

  async open(options: VoiceAgentOptions, listener: VoiceAgentListener, signal: AbortSignal): Promise<VoiceAgentSession | undefined> {
    this.making ??= this.make();
    const agent = await this.making;
    return agent.open(options, listener, signal);
  }

  startWarming(): void {
    this.isWarming = true;
    this.made?.startWarming();
  }

  close(): void {
    this.isClosed = true;
    this.made?.close();
  }

  /** A failure rejects all calls that are waiting; the next conversation tries again. */
  private async make(): Promise<VoiceAgent> {
    try {
      const agent = await this.options.make();
      this.made = agent;
      if (this.isClosed) agent.close();
      else if (this.isWarming) agent.startWarming();
      return agent;
    } catch (error) {
      this.making = undefined;
      throw error;
    }
  }
}
