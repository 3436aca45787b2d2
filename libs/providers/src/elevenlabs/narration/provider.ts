import { defineNarration } from '../../registry/narration-descriptor';
import { NO_KEY } from '../../registry/no-key';
import { ELEVENLABS_ACCESS, ELEVENLABS_ORIGIN } from '../access';
import { ELEVEN_LABS } from '../eleven-labs-errors';
import { ElevenLabsNarration } from './eleven-labs-narration';

export const ELEVENLABS_NARRATION = defineNarration({
  name: ELEVEN_LABS,
  label: 'ElevenLabs',
  variables: ELEVENLABS_ACCESS,
  isConfigured: ({ apiKey, baseUrl }) => (apiKey ?? baseUrl) !== undefined,
  make: ({ values: { apiKey, baseUrl }, simulated, logger }) =>
    new ElevenLabsNarration({ apiKey: apiKey ?? NO_KEY, baseUrl: baseUrl ?? ELEVENLABS_ORIGIN, simulated, logger }),
});
