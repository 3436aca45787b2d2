import type { NarrationEvent, NarrationFigures } from '@parley/engine';
import type { NarrationErrorCode, NarrationServerMessage } from '@parley/protocol';
import { describeFailure, type ProviderError } from '@parley/providers';
import { toBudgetError } from '@parley/server';

/** What the client of a narration is told of an event. The one place where a narration's words become those of the wire. */
export function toNarrationMessage(event: NarrationEvent, narrationId: string): NarrationServerMessage {
  switch (event.type) {
    case 'alignment': {
      const { chars, startMs, durationMs } = event.alignment;
      return {
        type: 'alignment',
        segment: event.segment,
        chars,
        start_ms: startMs.map(Math.round),
        duration_ms: durationMs.map(Math.round),
      };
    }
    case 'figures':
      return { type: 'narration_metrics', ...metrics(event.figures) };
    case 'paused':
      return { type: 'narration_paused', active: event.active };
    case 'failed':
      return { type: 'error', ...failure(event.error), fatal: true };
    case 'budget_spent':
      return toBudgetError(event);
    case 'refused':
      return { type: 'error', ...event.refusal, fatal: true };
    case 'ended':
      return { type: 'narration_completed', narration_id: narrationId, reason: event.reason };
  }
}

function metrics(figures: NarrationFigures) {
  const { ttfbMs, characters, audioMs, chunksSent, chunksReceived, reconnects, cacheHits, fallbacks, billedCharacters } = figures;
  return {
    ...(ttfbMs !== undefined && { ttfb_ms: Math.round(ttfbMs) }),
    chars: characters,
    audio_ms: Math.round(audioMs),
    chunks_sent: chunksSent,
    chunks_received: chunksReceived,
    efficiency: chunksSent === 0 ? 0 : Math.round((chunksReceived / chunksSent) * 100) / 100,
    reconnects,
    cache_hits: cacheHits,
    fallbacks,
    billed_chars: billedCharacters,
  };
}

/** Plain words without the vendor's own message, which may hold secrets. */
function failure({ code }: ProviderError): { code: NarrationErrorCode; message: string } {
  if (code !== 'model_not_found') return { code: 'tts_failed', message: describeFailure('tts', code) };
  return {
    code: 'unknown_voice',
    message: 'There is no such voice, or it does not have this model. GET /api/narrations/options lists what there is.',
  };
}
