import { Inject, Injectable, Logger } from '@nestjs/common';
import { describeError } from '@parley/engine';
import { SETTINGS, type Settings } from '../config/settings';
import { ConversationCounts } from './conversation-counts';
import { ConversationMetrics } from './conversation-metrics';
import { LatencyMetrics } from './latency-metrics';
import type { ConversationObservation, ObservedConversation } from './observed-conversation';
import { Traces } from './tracing/traces';
import { transcriptLog } from './transcript-log';
import { VendorMetrics } from './vendor-metrics';

/** Gives each conversation its observers: metrics always, and where they are configured traces and a log of what is said. */
@Injectable()
export class ConversationTelemetry {
  private readonly logger = new Logger('Conversation');

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'telemetry'>,
    @Inject(ConversationMetrics) private readonly metrics: ConversationMetrics,
    @Inject(ConversationCounts) private readonly counts: ConversationCounts,
    @Inject(LatencyMetrics) private readonly latency: LatencyMetrics,
    @Inject(VendorMetrics) private readonly vendors: VendorMetrics,
    @Inject(Traces) private readonly traces: Traces,
  ) {}

  /** Called once, before the first event of the conversation. Its last event releases everything. */
  begin(conversation: ObservedConversation): ConversationObservation {
    const trace = this.traces.begin(conversation);
    const observers = [
      this.metrics.observe(),
      this.counts.observe(conversation),
      this.latency.observe(conversation),
      ...(trace ? [trace.note.bind(trace)] : []),
      ...(this.settings.telemetry.transcripts ? [transcriptLog(this.logger, conversation)] : []),
    ];
    return {
      observe: (event) => {
        for (const observe of observers) {
          try {
            observe(event);
          } catch (error) {
            this.failed(conversation, error);
          }
        }
      },
      modelAsked: (use) => trace?.modelAsked(use),
      modelEnded: (use) => this.vendors.countModelUse(use),
      spoken: (characters) => this.vendors.countSpoken(characters),
    };
  }

  /** A fault of an observer must not reach the conversation. */
  private failed({ conversationId }: ObservedConversation, error: unknown): void {
    this.logger.error({ message: 'a conversation could not be observed', conversationId, error: describeError(error) });
  }
}
