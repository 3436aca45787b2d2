import { once } from 'node:events';
import type { EpisodeEvent } from '@parley/protocol';
import type { HttpResponse } from './http-exchange';

/** An event with the version of the episode after it. */
export interface VersionedEvent {
  version: number;
  event: EpisodeEvent;
}

/** Proxies and clients take a connection without a sign of life for dead. */
const HEARTBEAT_MS = 15_000;
/** How soon a client connects again. */
const RETRY_MS = 1_000;

/**
 * Sends server-sent events until there are no more or the signal aborts. The next events are only asked for when the client has read enough of
 * those before, so one that reads slowly gets fewer, newer ones, and no memory is filled.
 */
export async function sendEvents(response: HttpResponse, events: AsyncIterable<VersionedEvent>, signal: AbortSignal): Promise<void> {
  response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  if (response.req.method === 'HEAD') return void response.end();
  response.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': \n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const { version, event } of events) {
      if (signal.aborted) break;
      const text = `id: ${version}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      if (!response.write(text)) await once(response, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
