import { ProviderError } from '../ports/provider-error';
import { LineGatherer } from './line-gatherer';

export interface BodyBounds {
  /** Of a whole body, after decompression. */
  mostBytes: number;
  /** Of one line of an event stream. Left out, lines are not looked at. */
  mostLineBytes?: number;
}

/** Of a body that tells what is wrong: its beginning says it. */
const MOST_ERROR_BYTES = 64 * 1024;
/** The longest reply comes in some thousand; more are a flood, however small they are. */
const MOST_CHUNKS = 20_000;
/** Chunks in one go after which other work gets its turn: chunks that have arrived already are handed over without one. */
const CHUNKS_PER_TURN = 256;

/**
 * `fetch` for a server that may misbehave. A redirect is refused: the key is for the server it was given for. A body that is longer than it
 * may be ends with a `ProviderError` (`bad_response`) in the name of `provider`; one that comes with an error status is only cut off. An event
 * stream is handed on in whole lines.
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
      ...(isEvents && response.ok && bounds.mostLineBytes !== undefined && { mostLineBytes: bounds.mostLineBytes }),
      tooMuch: response.ok ? tooMuch : undefined,
    });
    return new Response(body, { status, statusText, headers });
  };
}

interface StreamBounds extends BodyBounds {
  /** Thrown at whoever reads beyond the bounds; left out, they are where the body ends. */
  tooMuch: ProviderError | undefined;
}

/** The same bytes, as they come, up to the bounds. Cancelling it cancels the body it is made of. */
function boundedBody(body: ReadableStream<Uint8Array>, { mostBytes, mostLineBytes, tooMuch }: StreamBounds): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const lines = mostLineBytes === undefined ? undefined : new LineGatherer();
  let bytes = 0;
  let chunks = 0;
  /** The next bytes that are fit to be handed on; undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      chunks += 1;
      if (chunks % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      const { done, value } = await reader.read();
      if (done) return lines?.rest();
      bytes += value.length;
      const ready = lines ? lines.push(value) : value;
      if (bytes > mostBytes || chunks > MOST_CHUNKS || (lines?.heldBytes ?? 0) > (mostLineBytes ?? 0)) {
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
