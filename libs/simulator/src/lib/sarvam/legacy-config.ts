import { LEGACY_LANGUAGES } from './languages';

const MODELS: readonly string[] = ['saaras:v3', 'saaras:v4'];
const MODES: readonly string[] = ['transcribe', 'translate', 'verbatim', 'translit', 'codemix'];
const CODECS: readonly string[] = ['wav', 'pcm_s16le', 'pcm_l16', 'pcm_raw'];

/** A legacy connection's settings. */
export interface LegacyConfig {
  language: string;
  /** Every chunk is a RIFF/WAVE file unless a raw codec was declared. */
  wavChunks: boolean;
  /** In Hz. Only the URL's value is used, whatever the messages say. */
  sampleRateHz: number;
  vadSignals: boolean;
  flushSignal: boolean;
  /** Silence that ends an utterance. */
  silenceMs: number;
}

/** The settings of a connection's query, or what is wrong with it. */
export function parseLegacyQuery(query: URLSearchParams): LegacyConfig | string {
  const language = query.get('language-code');
  if (language === null) return 'language-code is required';
  if (!LEGACY_LANGUAGES.has(language)) return `language-code ${language} is not supported`;
  const model = query.get('model');
  if (model !== null && !MODELS.includes(model)) return `model ${model} is deprecated or does not exist`;
  const mode = query.get('mode');
  if (mode !== null && !MODES.includes(mode)) return `mode must be one of ${MODES.join(', ')}`;
  const codec = query.get('input_audio_codec');
  if (codec !== null && !CODECS.includes(codec)) return `input_audio_codec must be one of ${CODECS.join(', ')}`;
  const rate = query.get('sample_rate');
  if (rate !== null && rate !== '8000' && rate !== '16000') return 'sample_rate must be 8000 or 16000';
  for (const flag of ['high_vad_sensitivity', 'vad_signals', 'flush_signal']) {
    const value = query.get(flag);
    if (value !== null && value !== 'true' && value !== 'false') return `${flag} must be true or false`;
  }
  return {
    language,
    wavChunks: codec === null || codec === 'wav',
    sampleRateHz: Number(rate ?? 16_000),
    vadSignals: query.get('vad_signals') === 'true',
    flushSignal: query.get('flush_signal') === 'true',
    silenceMs: query.get('high_vad_sensitivity') === 'true' ? 250 : 500,
  };
}
