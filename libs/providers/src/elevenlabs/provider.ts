import { NO_KEY } from '../registry/no-key';
import { defineProvider, type ProviderOptions } from '../registry/provider-descriptor';
import { ELEVENLABS_ACCESS, ELEVENLABS_ORIGIN } from './access';
import { ELEVEN_LABS } from './eleven-labs-errors';
import { ElevenLabsTextToSpeech } from './eleven-labs-text-to-speech';

/**
 * These models speak the languages that the fast models lack, but take longer to begin. Other servers that speak the protocol of the vendor
 * are not expected to have them.
 */
const FURTHER_MODELS = ['eleven_v3'];
/** The built-in simulator shares the machine with everything else, so it gets more time. */
const SIMULATED_AUDIO_TIMEOUT_MS = 5_000;

const variables = {
  ...ELEVENLABS_ACCESS,
  voiceId: {
    name: 'ELEVENLABS_VOICE_ID',
    kind: 'text',
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    default: '21m00Tcm4TlvDq8ikWAM',
    doc: 'The voice where a conversation asks for none.',
  },
  model: {
    name: 'TTS_MODEL',
    kind: 'text',
    pattern: /^[!-~]{1,128}$/,
    message: 'must be the name of a model',
    default: 'eleven_flash_v2_5',
    doc: 'Model of the voice. Languages that it does not have are spoken by eleven_v3, which takes longer to begin.',
  },
} as const;

const make = ({ values, simulated, logger }: ProviderOptions<'tts', typeof variables>, httpOnly: boolean) =>
  new ElevenLabsTextToSpeech({
    apiKey: values.apiKey ?? NO_KEY,
    baseUrl: values.baseUrl ?? ELEVENLABS_ORIGIN,
    voiceId: values.voiceId,
    modelId: values.model,
    ...((simulated || values.baseUrl === undefined) && { furtherModelIds: FURTHER_MODELS }),
    httpOnly,
    simulated,
    logger,
    ...(simulated && { firstAudioTimeoutMs: SIMULATED_AUDIO_TIMEOUT_MS, gapTimeoutMs: SIMULATED_AUDIO_TIMEOUT_MS }),
  });

export const ELEVENLABS_PROVIDER = defineProvider({
  name: ELEVEN_LABS,
  stage: 'tts',
  label: 'ElevenLabs',
  website: 'https://elevenlabs.io',
  variables,
  takesModel: true,
  takesAddress: true,
  standsAlone: false,
  without: 'the simulator speaks',
  isConfigured: ({ apiKey, baseUrl }) => (apiKey ?? baseUrl) !== undefined,
  make: (options) => make(options, false),
});

/** The same account without a socket. Speech begins later, and there are no times of characters. */
export const ELEVENLABS_HTTP_PROVIDER = defineProvider({
  ...ELEVENLABS_PROVIDER,
  name: 'elevenlabs-http',
  variant: 'over HTTP, without a socket',
  standsAlone: true,
  make: (options) => make(options, true),
});
