import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type ConversationStarted, FRAME_MS, INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import type { VoiceAgent, VoiceAgentOverrides, WarmSessions } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import type { Connection } from '../connection/connection-scoped';
import type { ConversationEngine, EngineFactory } from '../session/conversation-engine';
import type { StageVendor } from '../../providers/vendors';
import { AgentConversation } from './agent-conversation';
import { UNREACHABLE_NOTICE } from '../../transports/websocket/agent-failure-message';
import { SpokenLines } from './spoken-lines';
import type { SpeechCacheCounts } from './speech-cache';
import { CLIENT_TOOLS, type ClientTools } from './tools/client-tools';
import { VOICE_AGENT } from '../../providers/voice-agent.token';

/** What the engine holds, all conversations together. */
export interface AgentResources {
  conversations: number;
  warm: WarmSessions;
  lines: SpeechCacheCounts;
}

/** Conversations whose ears, mind, voice and turn-taking are the vendor's. */
@Injectable()
export class AgentEngineFactory implements EngineFactory, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly running = new Set<AgentConversation>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(VOICE_AGENT) private readonly vendor: StageVendor<VoiceAgent>,
    @Inject(CLIENT_TOOLS) private readonly tools: ClientTools,
    @Inject(SpokenLines) private readonly lines: SpokenLines,
  ) {}

  onApplicationBootstrap(): void {
    this.vendor.port.startWarming();
  }

  /** Connections say goodbye before; what is left here is what never got one. */
  onApplicationShutdown(): void {
    for (const conversation of this.running) conversation.close('server_shutdown');
    this.vendor.port.close();
  }

  describe(connection: Connection): ConversationStarted {
    const { endOfTurnSilenceMs, inactivityTimeoutMs } = this.settings.turns;
    return {
      type: 'conversation_started',
      conversation_id: connection.id,
      engine: 'agent',
      input_audio: { encoding: 'pcm_s16le', sample_rate: INPUT_SAMPLE_RATE_HZ, frame_ms: FRAME_MS },
      output_audio: { encoding: 'pcm_s16le', sample_rate: OUTPUT_SAMPLE_RATE_HZ },
      providers: { agent: { ...this.vendor.port.info } },
      timing: { end_of_turn_silence_ms: endOfTurnSilenceMs, inactivity_timeout_ms: inactivityTimeoutMs },
    };
  }

  /** A conversation that could not be begun has told its client so, and has ended. */
  async open(connection: Connection): Promise<ConversationEngine> {
    const { inactivityTimeoutMs, maxSessionMs, stallTimeoutMs, playerBufferMs } = this.settings.turns;
    const overrides = overridesOf(connection);
    const conversation: AgentConversation = new AgentConversation(connection, {
      agent: this.vendor.port,
      tools: this.tools,
      lines: this.lines,
      overrides,
      firstMessage: this.settings.agent.firstMessage,
      inactivityTimeoutMs,
      maxSessionMs,
      stallTimeoutMs,
      playerBufferMs,
      random: Math.random,
      onEnded: () => this.running.delete(conversation),
    });
    this.running.add(conversation);
    // Said when nothing else can be: it must be there before.
    void this.lines.prepare(UNREACHABLE_NOTICE, overrides.voiceId);
    await conversation.start();
    return conversation;
  }

  resources(): AgentResources {
    return { conversations: this.running.size, warm: this.vendor.port.warm, lines: this.lines.counts };
  }
}

function overridesOf({ start }: Connection): VoiceAgentOverrides {
  const { system_prompt: prompt, language, voice_id: voiceId } = start;
  return {
    ...(prompt !== undefined && { prompt }),
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
  };
}
