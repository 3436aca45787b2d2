import { asNumber, asString, asText, parseJsonObject } from '../shared/json';
import { pcmToBase64 } from '../pcm/pcm-base64';
import { socketUrl } from '../socket/socket-url';
import { RealtimeSequence } from './realtime-sequence';
import type { SarvamDialect, SarvamEvent } from './sarvam-dialect';
import { realtimeLanguage } from './sarvam-languages';

/** The socket `/speech-to-text-realtime/ws` with manual endpointing: it sends partial transcripts, and we decide where a turn ends. */
export function realtimeDialect(model: string): SarvamDialect {
  return {
    name: 'realtime',
    announcesReady: true,
    tellsUtterancesApart: true,
    keepAliveMs: 12_000,
    url: (baseUrl, language) =>
      socketUrl(baseUrl, '/speech-to-text-realtime/ws', {
        language_code: realtimeLanguage(language),
        model,
        stream_type: 'fast',
        mode: 'transcribe',
        endpointing: 'manual',
        encoding: 'linear16',
        sample_rate: 16_000,
      }),
    beginUtterance: () => ({ event: 'speech_start' }),
    audio: (pcm) => ({ event: 'audio_input', audio: pcmToBase64(pcm) }),
    endUtterance: () => ({ event: 'speech_end' }),
    keepAlive: () => ({ event: 'ping' }),
    goodbye: () => ({ event: 'end' }),
    decode,
    createSequence: () => new RealtimeSequence(),
  };
}

function decode(text: string): SarvamEvent {
  const message = parseJsonObject(text);
  const event = asString(message?.['event']);
  if (!message || event === undefined) return { type: 'garbage' };
  switch (event) {
    case 'session.begin':
      return { type: 'ready' };
    case 'transcript.partial':
    case 'transcript.final': {
      const index = asNumber(message['utterance_idx']);
      const transcript = asText(message['text']);
      if (index === undefined || transcript === undefined) return { type: 'garbage' };
      return { type: event === 'transcript.final' ? 'final' : 'partial', index, text: transcript };
    }
    case 'error':
      return {
        type: 'fault',
        isFatal: message['is_fatal'] !== false,
        fault: { status: asNumber(message['status_code']), code: asString(message['code']) },
      };
    default:
      // `vad.*` belongs to the vendor's own endpointing and is sent even if that is off. `pong`, `config.updated` and `session.end` need no
      // answer.
      return { type: 'ignored' };
  }
}
