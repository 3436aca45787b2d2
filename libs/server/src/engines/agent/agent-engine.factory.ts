import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  AgentConversation,
  type ClientTools,
  type Connection,
  type Conversation,
  type ConversationOptions,
  type EngineDescription,
  type EngineFactory,
  type Recorder,
  type SpeechCacheCounts,
  SpokenLines,
  SYSTEM_CLOCK,
  UNREACHABLE_NOTICE,
} from '@parley/engine';
import type { VoiceAgent, VoiceAgentOverrides, WarmSessions } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import type { StageProvider } from '../../providers/stage-providers';
import { ConversationTelemetry } from '../../telemetry/conversation-telemetry';
import { engineLog } from '../../telemetry/engine-log';
import { observedProvider } from '../observed-providers';
import { Recordings } from '../recording/recordings';
import { CLIENT_TOOLS } from './client-tools.token';
import { VOICE_AGENT } from '../../providers/voice-agent.token';

/** The resources that the engine holds for all conversations together. */
export interface AgentResources {
  conversations: number;
  warm: WarmSessions;
  lines: SpeechCacheCounts;
}

/** Creates conversations in which the provider's agent does everything: speech recognition, language model, voice and turn-taking. */
@Injectable()
export class AgentEngineFactory implements EngineFactory, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = engineLog(new Logger(AgentConversation.name));
  private readonly running = new Set<AgentConversation>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'turns' | 'agent' | 'providers'>,
    @Inject(VOICE_AGENT) private readonly provider: StageProvider<VoiceAgent>,
    @Inject(CLIENT_TOOLS) private readonly tools: ClientTools,
    @Inject(SpokenLines) private readonly lines: SpokenLines,
    @Inject(Recordings) private readonly recorder: Recorder,
    @Inject(ConversationTelemetry) private readonly telemetry: Pick<ConversationTelemetry, 'begin'>,
  ) {}

  onApplicationBootstrap(): void {
    this.provider.port.startWarming();
  }

  /** Connections end their conversations before this is called; only conversations that no connection took over are left. */
  onApplicationShutdown(): void {
    for (const conversation of this.running) conversation.end('server_shutdown');
    this.provider.port.close();
    this.lines.close();
  }

  describe(): EngineDescription {
    const { endOfTurnSilenceMs, inactivityTimeoutMs } = this.settings.turns;
    return { providers: { agent: this.provider.port.info }, endOfTurnSilenceMs, inactivityTimeoutMs };
  }

  /** When the conversation cannot be started, it informs its client and ends. */
  async open(connection: Connection): Promise<Conversation> {
    const { inactivityTimeoutMs, maxSessionMs, stallTimeoutMs, playerBufferMs } = this.settings.turns;
    const overrides = overridesOf(connection.options);
    const { conversationId, language } = connection.options;
    const agent = observedProvider('agent', this.provider.port.info, this.settings.providers);
    const { observe } = this.telemetry.begin({ conversationId, engine: 'agent', language, providers: { agent } });
    const conversation: AgentConversation = new AgentConversation(connection, {
      agent: this.provider.port,
      tools: this.tools,
      lines: this.lines,
      overrides,
      firstMessage: this.settings.agent.firstMessage,
      inactivityTimeoutMs,
      maxSessionMs,
      stallTimeoutMs,
      playerBufferMs,
      random: Math.random,
      recorder: this.recorder,
      observe,
      onEnded: () => this.running.delete(conversation),
      logger: this.logger,
      clock: SYSTEM_CLOCK,
    });
    this.running.add(conversation);
    // This sentence is spoken when the agent cannot be reached, so its audio must be prepared in advance.
    void this.lines.prepare(UNREACHABLE_NOTICE, overrides.voiceId);
    await conversation.start();
    return conversation;
  }

  resources(): AgentResources {
    return { conversations: this.running.size, warm: this.provider.port.warm, lines: this.lines.counts };
  }
}

function overridesOf({ systemPrompt: prompt, language, voiceId }: ConversationOptions): VoiceAgentOverrides {
  return {
    ...(prompt !== undefined && { prompt }),
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
  };
}
