import type { NarrationEvent, NarrationFigures } from '@parley/engine';
import type { NarrationErrorCode, NarrationServerMessage } from '@parley/protocol';
import type { ProviderError } from '@parley/providers';

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

const FAILURES: Partial<Record<ProviderError['code'], { code: NarrationErrorCode; message: string }>> = {
  voice_not_found: { code: 'unknown_voice', message: 'There is no such voice. GET /api/narrations/options lists the voices.' },
  model_not_found: { code: 'unsupported_model', message: 'There is no such model, or it does not take text piece by piece.' },
  auth: { code: 'tts_failed', message: 'The voice’s provider does not accept this server’s key.' },
  quota: { code: 'tts_failed', message: 'The quota of the voice’s provider is used up.' },
  rate_limited: { code: 'tts_failed', message: 'The voice’s provider is busy. Please try again in a moment.' },
};

/** Plain words without the vendor's own message, which may hold secrets. */
function failure({ code }: ProviderError): { code: NarrationErrorCode; message: string } {
  return FAILURES[code] ?? { code: 'tts_failed', message: 'The voice failed, and trying again did not help.' };
}
