import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import type { TelemetrySettings } from '../../config/telemetry-settings';
import type { ObservedConversation } from '../observed-conversation';
import { ConversationTrace } from './conversation-trace';
import type { Spans } from './spans';

/** What waits to be sent has so long when the server ends. */
const FLUSH_MS = 3_000;

interface ClosableSpans extends Spans {
  close(): Promise<void>;
}

/** The traces of all conversations; none where no collector is configured. */
export class Traces implements OnApplicationShutdown {
  private constructor(
    private readonly spans: ClosableSpans | undefined,
    private readonly transcripts: boolean,
    private readonly flushMs: number,
  ) {}

  /** Loads OpenTelemetry's library only where traces are configured, because it takes memory and time. */
  static async open({ traces, transcripts }: TelemetrySettings, registry: Registry): Promise<Traces> {
    if (traces === undefined) return new Traces(undefined, transcripts, FLUSH_MS);
    const { otlpSpans } = await import('./otlp-spans');
    return new Traces(otlpSpans(traces, resultsOf(registry)), transcripts, FLUSH_MS);
  }

  /** Traces of spans that are made elsewhere. */
  static of(spans: ClosableSpans, { transcripts = false, flushMs = FLUSH_MS } = {}): Traces {
    return new Traces(spans, transcripts, flushMs);
  }

  /** Undefined where there are no traces. */
  begin(conversation: ObservedConversation): ConversationTrace | undefined {
    const { spans, transcripts } = this;
    return spans && new ConversationTrace({ spans, conversation, transcripts });
  }

  /** Sends what waits, in bounded time. Never rejects. */
  async onApplicationShutdown(): Promise<void> {
    if (this.spans === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.flushMs)));
    await Promise.race([this.spans.close().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

/** Counts what was sent, and logs when the collector is lost and when it is back. */
function resultsOf(registry: Registry): (result: 'exported' | 'failed', spans: number) => void {
  const logger = new Logger(Traces.name);
  let isAway = false;
  const counter = new Counter({
    name: 'parley_trace_spans_total',
    help: 'Spans that were sent to the collector of traces, and those that it did not take.',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of ['exported', 'failed']) counter.inc({ result }, 0);
  return (result, spans) => {
    counter.inc({ result }, spans);
    const isLost = result === 'failed';
    if (isLost && !isAway) logger.warn({ message: 'traces cannot be sent to the collector' });
    if (!isLost && isAway) logger.log({ message: 'traces are sent to the collector again' });
    isAway = isLost;
  };
}
