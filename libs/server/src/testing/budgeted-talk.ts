import { DEFAULT_TURN_POLICY, type TurnPolicy } from '@parley/conversation';
import {
  AgentConversation,
  type Audience,
  type Conversation,
  type EngineFactory,
  LlmStream,
  PipelineConversation,
  SILENT_LOGGER,
  SttStream,
  SYSTEM_CLOCK,
  ToolBox,
  TtsStream,
} from '@parley/engine';
import type { VoiceAgent } from '@parley/providers';
import { type FakeProviderOptions, FakeProviders, FakeVoiceDetector, Microphone, RecordingSink, settle } from '@parley/engine/testing';
import { Registry } from 'prom-client';
import { BudgetLedger } from '../budgets/budget-ledger';
import { Budgets } from '../budgets/budgets';
import { DayCounters } from '../budgets/day-counters';
import type { SharedCounters } from '../budgets/shared-counters';
import { BudgetMetrics } from '../telemetry/budget-metrics';
import { testSettings } from './test-settings';

const ENGINE = { providers: {}, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 };

export interface TalkOptions {
  address?: string;
  audience?: Audience;
}

/** The budgets of one server, whose conversations have fake providers. */
export class BudgetedServer {
  readonly fakes: FakeProviders;
  readonly budgets: Budgets;
  readonly days: DayCounters;
  /** Milliseconds since 1970: noon of a day of UTC, until a test sets it. */
  nowMs = Date.UTC(2026, 10, 30, 12);
  private readonly registry = new Registry();

  /** `limits`: variables of the environment, without `BUDGET_`. */
  constructor(
    limits: Record<string, string>,
    private readonly options: FakeProviderOptions & { turns?: Partial<TurnPolicy>; shared?: SharedCounters } = {},
  ) {
    const environment = Object.fromEntries(Object.entries(limits).map(([name, value]) => [`BUDGET_${name}`, value]));
    this.fakes = new FakeProviders(options);
    this.days = new DayCounters({ shared: options.shared, now: () => this.nowMs });
    const observer = new BudgetMetrics(this.registry);
    const ledger = new BudgetLedger({ limits: testSettings(environment).budgets.limits, days: this.days, observer });
    this.budgets = new Budgets(ledger, this.days);
  }

  /** Begins a conversation on the pipeline. */
  talk(options: TalkOptions = {}): Promise<BudgetedTalk> {
    return BudgetedTalk.start(this.budgets.overPipeline(this.pipeline()), options);
  }

  /** Begins a conversation with this agent. */
  talkToAgent(agent: VoiceAgent, options: TalkOptions = {}): Promise<BudgetedTalk> {
    return BudgetedTalk.start(this.budgets.overAgent(agentEngine(agent)), options);
  }

  /** A metric by its name and labels; undefined if it is not there. */
  async metric(name: string, labels: Record<string, string>): Promise<number | undefined> {
    const metric = (await this.registry.getMetricsAsJSON()).find((found) => found.name === name);
    const entries = Object.entries(labels);
    return metric?.values.find((value) => entries.every(([key, label]) => Reflect.get(value.labels, key) === label))?.value;
  }

  private pipeline(): EngineFactory {
    const { stt, llm, tts } = this.fakes.asProviders();
    return {
      describe: () => ENGINE,
      open: (connection) => {
        const { options, meter } = connection;
        const conversation = new PipelineConversation(connection, {
          policy: { ...DEFAULT_TURN_POLICY, ...this.options.turns },
          stt: new SttStream(options, stt.port, meter),
          llm: new LlmStream(llm.port, { maxTokens: 600, meter }),
          tts: new TtsStream(options, tts.port, meter),
          detector: new FakeVoiceDetector(),
        });
        conversation.start();
        return Promise.resolve(conversation);
      },
    };
  }
}

const agentEngine = (agent: VoiceAgent): EngineFactory => ({
  describe: () => ENGINE,
  open: async (connection) => {
    const { stallTimeoutMs, playerBufferMs, inactivityTimeoutMs, maxSessionMs } = DEFAULT_TURN_POLICY;
    const conversation = new AgentConversation(connection, {
      agent,
      tools: new ToolBox([], SILENT_LOGGER),
      lines: { take: () => undefined },
      overrides: {},
      firstMessage: undefined,
      ...{ stallTimeoutMs, playerBufferMs, inactivityTimeoutMs, maxSessionMs },
      random: () => 0,
      onEnded: () => undefined,
      logger: SILENT_LOGGER,
      clock: SYSTEM_CLOCK,
    });
    await conversation.start();
    return conversation;
  },
});

/** One conversation, its microphone, and everything that its client is sent. */
export class BudgetedTalk {
  readonly mic: Microphone;

  private constructor(
    readonly conversation: Conversation,
    readonly sink: RecordingSink,
  ) {
    this.mic = new Microphone(conversation);
  }

  static async start(engine: EngineFactory, { address, audience }: TalkOptions): Promise<BudgetedTalk> {
    const sink = Object.assign(new RecordingSink(), { audience });
    const conversation = await engine.open({ ...sink.connection(), ...(address !== undefined && { address }) });
    await settle();
    return new BudgetedTalk(conversation, sink);
  }
}
