import { listVoices } from '../speech/voices';

/** The vendor's stock voices, and the embedded voice used for each. They work although a new account's voice list does not show them. */
const STOCK_VOICES: Readonly<Record<string, string>> = {
  '21m00Tcm4TlvDq8ikWAM': 'parley-clara',
  EXAVITQu4vr4xnSDxMaL: 'parley-clara',
  JBFqnCBsd6RMkjVDRZzb: 'parley-angus',
  pNInz6obpgDQGcFmaJgB: 'parley-ray',
};

/** The embedded voice used for a voice id; undefined when there is no such voice. */
export function embeddedVoiceFor(voiceId: string): string | undefined {
  return listVoices().find(({ id }) => id === voiceId)?.id ?? (Object.hasOwn(STOCK_VOICES, voiceId) ? STOCK_VOICES[voiceId] : undefined);
}

/** The account's voices as `GET /v2/voices` shows them. */
export function voiceRows(): object[] {
  return listVoices().map(({ id, name, description }) => ({
    voice_id: id,
    name,
    category: 'premade',
    description,
    labels: {},
    samples: null,
    preview_url: null,
    available_for_tiers: [],
    settings: null,
    sharing: null,
    high_quality_base_model_ids: [],
    is_owner: false,
    is_legacy: false,
    created_at_unix: null,
  }));
}
