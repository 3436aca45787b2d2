import { NO_KEY } from '../registry/no-key';
import { defineProvider, type ProviderOptions } from '../registry/provider-descriptor';
import { HTTP_OR_SOCKET } from '../registry/protocols';
import { SARVAM } from './sarvam-errors';
import { SarvamSpeechToText } from './sarvam-speech-to-text';

const ORIGIN = 'https://api.sarvam.ai';
/**
 * The time that the built-in recogniser may take for a final. It works only as fast as this machine allows, and falls behind on a busy one.
 * Giving up and repeating the audio would cost more than waiting. The value leaves room below the time limit of the stage.
 */
const SIMULATED_FINAL_TIMEOUT_MS = 8_000;

const variables = {
  apiKey: { name: 'SARVAM_API_KEY', kind: 'key', doc: 'Key of Sarvam. With it, or with an address, Sarvam recognises speech.' },
  baseUrl: {
    name: 'SARVAM_BASE_URL',
    kind: 'address',
    protocols: HTTP_OR_SOCKET,
    doc: `A server that speaks Sarvam's protocol, in place of ${ORIGIN}.`,
    example: 'http://127.0.0.1:4010',
  },
} as const;

const make = ({ values, simulated, logger }: ProviderOptions<'stt', typeof variables>, legacyOnly: boolean) =>
  new SarvamSpeechToText({
    apiKey: values.apiKey ?? NO_KEY,
    baseUrl: values.baseUrl ?? ORIGIN,
    legacyOnly,
    simulated,
    logger,
    ...(simulated && { finalTimeoutMs: SIMULATED_FINAL_TIMEOUT_MS }),
  });

export const SARVAM_PROVIDER = defineProvider({
  name: SARVAM,
  stage: 'stt',
  label: 'Sarvam',
  website: 'https://www.sarvam.ai',
  variables,
  takesModel: false,
  takesAddress: true,
  standsAlone: false,
  without: 'the simulator listens',
  isConfigured: ({ apiKey, baseUrl }) => (apiKey ?? baseUrl) !== undefined,
  make: (options) => make(options, false),
});

/** The same account over the older socket, which has no partial transcripts. */
export const SARVAM_LEGACY_PROVIDER = defineProvider({
  ...SARVAM_PROVIDER,
  name: 'sarvam-legacy',
  variant: 'over its older socket, without partial transcripts',
  standsAlone: true,
  make: (options) => make(options, true),
});
