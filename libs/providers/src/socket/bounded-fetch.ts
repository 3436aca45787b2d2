import { ProviderError } from '../ports/provider-error';
import { LineAssembler } from './line-assembler';

export interface BodyBounds {
  /** Limit of a whole body in bytes, after decompression. */
  mostBytes: number;
  /** Limit of one line of an event stream in bytes. If it is left out, lines are not checked. */
  mostLineBytes?: number;
  /** Limit of the number of chunks; default 20 000. */
  mostChunks?: number;
}

/** Limit of the body of an error. Its beginning is enough to know the cause. */
const MOST_ERROR_BYTES = 64 * 1024;
/** The longest reply has a few thousand chunks; more are a flood, however small they are. */
const MOST_CHUNKS = 20_000;
/**
 * Number of consecutive chunks after which other tasks may run. Chunks that have already arrived are otherwise delivered without a pause.
 */
const CHUNKS_PER_TURN = 256;

/**
 * `fetch` for a server that may misbehave. Redirects are refused, because the API key is only for the configured server. Reading a body
 * beyond its limit fails with a `ProviderError` (`bad_response`) that names `provider`; the body of an error status is only cut off. An
 * event stream is passed on in whole lines.
 */
export function boundedFetch(provider: string, bounds: BodyBounds, fetcher: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetcher(input, { ...init, redirect: 'error' });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    const isEvents = headers.get('content-type')?.includes('text/event-stream') === true;
    const whole = response.ok ? bounds.mostBytes : MOST_ERROR_BYTES;
    const tooMuch = new ProviderError(provider, 'bad_response', `${provider} sent more than an answer can be`);
    const body = boundedBody(response.body, {
      mostBytes: whole,
      mostChunks: bounds.mostChunks ?? MOST_CHUNKS,
      ...(isEvents && response.ok && bounds.mostLineBytes !== undefined && { mostLineBytes: bounds.mostLineBytes }),
      tooMuch: response.ok ? tooMuch : undefined,
    });
    return new Response(body, { status, statusText, headers });
  };
}

interface StreamBounds extends BodyBounds {
  /** The error that is thrown beyond the limits. If it is undefined, the body simply ends there. */
  tooMuch: ProviderError | undefined;
}

/** Passes on the same bytes as they arrive, up to the limits. Cancelling the result cancels the original body. */
function boundedBody(
  body: ReadableStream<Uint8Array>,
  { mostBytes, mostLineBytes, mostChunks = MOST_CHUNKS, tooMuch }: StreamBounds,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const lines = mostLineBytes === undefined ? undefined : new LineAssembler();
  let bytes = 0;
  let chunks = 0;
  /** Returns the next bytes that can be passed on, or undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      chunks += 1;
      if (chunks % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      const { done, value } = await reader.read();
      if (done) return lines?.rest();
      bytes += value.length;
      const ready = lines ? lines.push(value) : value;
      if (bytes > mostBytes || chunks > mostChunks || (lines?.heldBytes ?? 0) > (mostLineBytes ?? 0)) {
        reader.cancel().catch(() => undefined);
        if (tooMuch) throw tooMuch;
        return undefined;
      }
      if (ready.length > 0) return ready;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const ready = await next();
          if (ready === undefined || ready.length === 0) return controller.close();
          controller.enqueue(ready);
        } catch (error) {
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
