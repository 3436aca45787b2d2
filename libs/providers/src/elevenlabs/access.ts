import { HTTP_OR_SOCKET } from '../registry/protocols';

export const ELEVENLABS_ORIGIN = 'https://api.elevenlabs.io';

/** The variables that give access to ElevenLabs, used for its voices and its agents. */
export const ELEVENLABS_ACCESS = {
  apiKey: {
    name: 'ELEVENLABS_API_KEY',
    kind: 'key',
    doc: 'Key of ElevenLabs. With it, or with an address, ElevenLabs speaks.',
  },
  baseUrl: {
    name: 'ELEVENLABS_BASE_URL',
    kind: 'address',
    protocols: HTTP_OR_SOCKET,
    doc: `A server that speaks ElevenLabs' protocols, in place of ${ELEVENLABS_ORIGIN}.`,
    example: 'http://127.0.0.1:4012',
  },
} as const;
