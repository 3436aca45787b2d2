import type { Attributes, Span } from '@opentelemetry/api';

export type { Attributes, Span };

/** A span to start. Times are in milliseconds since 1970. */
export interface NewSpan {
  name: string;
  atMs: number;
  attributes?: Attributes;
  /** The span that this one is part of; if left out, it is the first of its trace. */
  parent?: Span;
  /** The trace that a first span begins, as 32 hexadecimal digits. */
  traceId?: string;
  /** Whether the span is a request to a vendor. */
  isRequest?: boolean;
}

/** Makes spans. What it is made with is loaded only where there are traces. */
export interface Spans {
  start(span: NewSpan): Span;
  /** Marks a span as failed. `reason` is a constant, never a message of a vendor. */
  fail(span: Span, reason: string): void;
}
