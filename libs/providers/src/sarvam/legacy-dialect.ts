import { asNumber, asObject, asString, asText, parseJsonObject, type JsonObject } from '../shared/json';
import { pcmToBase64 } from '../pcm/pcm-base64';
import { socketUrl } from '../socket/socket-url';
import { LegacySequence } from './legacy-sequence';
import type { SarvamDialect, SarvamEvent } from './sarvam-dialect';
import { legacyLanguage } from './sarvam-languages';

const SAMPLE_RATE_HZ = 16_000;
const KEEP_ALIVE_SAMPLES = SAMPLE_RATE_HZ / 10;

/**
 * The socket `/speech-to-text/ws`, which every account may use. It sends only finals, split by the vendor's voice activity detection and
 * forced by a flush.
 */
export function legacyDialect(model: string): SarvamDialect {
  return {
    name: 'legacy',
    announcesReady: false,
    tellsUtterancesApart: false,
    keepAliveMs: 8_000,
    url: (baseUrl, language) =>
      socketUrl(baseUrl, '/speech-to-text/ws', {
        'language-code': legacyLanguage(language),
        model,
        mode: 'transcribe',
        input_audio_codec: 'pcm_s16le',
        sample_rate: SAMPLE_RATE_HZ,
        vad_signals: true,
        flush_signal: true,
      }),
    beginUtterance: () => undefined,
    audio: (pcm) => ({ audio: { data: pcmToBase64(pcm), sample_rate: SAMPLE_RATE_HZ, encoding: 'audio/wav' } }),
    endUtterance: () => ({ type: 'flush' }),
    // The vendor closes the socket if it receives no audio, so silence keeps it alive.
    keepAlive: () => ({
      audio: { data: pcmToBase64(new Int16Array(KEEP_ALIVE_SAMPLES)), sample_rate: SAMPLE_RATE_HZ, encoding: 'audio/wav' },
    }),
    goodbye: () => undefined,
    decode,
    createSequence: () => new LegacySequence(),
  };
}

function decode(text: string): SarvamEvent {
  const message = parseJsonObject(text);
  const type = asString(message?.['type']);
  if (!message || type === undefined) return { type: 'garbage' };
  const data = asObject(message['data']);
  switch (type) {
    case 'data': {
      const transcript = message['data'] === null ? '' : asText(data?.['transcript']);
      return transcript === undefined ? { type: 'garbage' } : { type: 'final', index: 0, text: transcript };
    }
    case 'events': {
      const signal = asString(data?.['signal_type']);
      if (signal === 'START_SPEECH') return { type: 'speech', started: true };
      return signal === 'END_SPEECH' ? { type: 'speech', started: false } : { type: 'ignored' };
    }
    case 'error':
      return { type: 'fault', isFatal: true, fault: faultOf(message, data) };
    default:
      return { type: 'ignored' };
  }
}

/** Reads an error. Its fields are under `data` or at the top level, and its code may be text or a status. */
function faultOf(message: JsonObject, data: JsonObject | undefined) {
  const code = data?.['code'] ?? message['code'];
  return {
    status: asNumber(code) ?? asNumber(data?.['status_code'] ?? message['status_code']),
    code: asString(code) ?? asString(data?.['error']) ?? asString(message['error']),
  };
}
