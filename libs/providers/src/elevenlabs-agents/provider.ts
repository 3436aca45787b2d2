import { ELEVENLABS_ACCESS, ELEVENLABS_ORIGIN } from '../elevenlabs/access';
import { ELEVEN_LABS } from '../elevenlabs/eleven-labs-errors';
import { defineProvider } from '../registry/provider-descriptor';
import { ElevenLabsVoiceAgent } from './eleven-labs-voice-agent';

export const ELEVENLABS_AGENTS_PROVIDER = defineProvider({
  name: ELEVEN_LABS,
  stage: 'agent',
  label: 'ElevenLabs Agents',
  website: 'https://elevenlabs.io',
  variables: {
    ...ELEVENLABS_ACCESS,
    agentId: {
      name: 'ELEVENLABS_AGENT_ID',
      kind: 'text',
      pattern: /^[A-Za-z0-9_-]{1,128}$/,
      doc: 'The id of a whole agent of ElevenLabs, for the agent engine. It needs the key, too, or an address.',
    },
  },
  // An agent has no fallback, and it is not a fallback of another provider.
  takesModel: false,
  takesAddress: false,
  standsAlone: false,
  without: 'no agent of your own',
  failures: {
    auth: "The agent refused the server's key. Whoever runs this server should check ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID.",
    rate_limited: 'The agent has too many conversations just now. Please try again in a moment.',
    invalid_request:
      'The agent did not accept the conversation: its settings on this server are not right. Whoever runs it should check AGENT_OVERRIDES.',
    model_not_found: 'There is no such agent. Whoever runs this server should check ELEVENLABS_AGENT_ID.',
    connection_lost: 'The connection to the agent was lost.',
  },
  isConfigured: ({ apiKey, baseUrl, agentId }) => agentId !== undefined && (apiKey ?? baseUrl) !== undefined,
  make: ({ values: { apiKey, baseUrl, agentId }, ...options }) => {
    if (agentId === undefined) throw new Error('an agent is needed');
    return new ElevenLabsVoiceAgent({
      ...(apiKey !== undefined && { apiKey }),
      baseUrl: baseUrl ?? ELEVENLABS_ORIGIN,
      agentId,
      ...options,
    });
  },
});
