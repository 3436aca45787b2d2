import { Logger } from '@nestjs/common';
import { ELEVENLABS_AGENTS_PROVIDER, howToConfigure, NO_KEY, type VoiceAgent, type VoiceAgentOverride } from '@parley/providers';
import { DEFAULT_AGENT_ID } from '@parley/simulator';
import type { EmbeddedSimulator, RunningSimulator } from './embedded-simulator';
import { makeConfigured, type ProviderSettings } from './make-provider';
import { OnDemandAgent } from './on-demand-agent';
import { providerLog } from './provider-log';
import type { StageProvider } from './stage-providers';

/** The simulator's agent allows conversations to override every setting. */
const ALL_OVERRIDES: ReadonlySet<VoiceAgentOverride> = new Set(['prompt', 'firstMessage', 'language', 'voiceId']);

/** Chooses the agent for clients that ask for one: the configured agent, or the simulator's, which is started when it is needed. */
export function chooseAgent(
  settings: ProviderSettings,
  simulator: Pick<EmbeddedSimulator, 'start' | 'running'>,
): StageProvider<VoiceAgent> {
  return makeConfigured('agent', settings) ?? simulatedAgent(settings, simulator);
}

function simulatedAgent(
  { agent }: Pick<ProviderSettings, 'agent'>,
  simulator: Pick<EmbeddedSimulator, 'start' | 'running'>,
): StageProvider<VoiceAgent> {
  const overridable = new Set(agent.overrides ?? ALL_OVERRIDES);
  const { name, label } = ELEVENLABS_AGENTS_PROVIDER;
  const port = new OnDemandAgent({
    info: { name, simulated: true },
    overridable,
    make: async () => {
      const { urls } = await simulator.start();
      return ELEVENLABS_AGENTS_PROVIDER.make({
        values: { apiKey: NO_KEY, baseUrl: urls.elevenLabs, agentId: DEFAULT_AGENT_ID },
        simulated: true,
        overridable,
        warmSessions: agent.warmSessions,
        logger: providerLog(new Logger(label)),
      });
    },
  });
  return { port, ...whatWorks(simulator.running) };
}

const REMEDY = `Set ${howToConfigure('agent')} for a real one.`;

function whatWorks(simulator: RunningSimulator | undefined): Pick<StageProvider<VoiceAgent>, 'available' | 'detail'> {
  const speech = simulator?.speech;
  if (speech && !speech.recogniser.available) {
    return { available: false, detail: `The built-in demo agent cannot hear here. ${speech.recogniser.reason} ${REMEDY}` };
  }
  if (speech && !speech.synthesiser.available) {
    return { available: false, detail: `The built-in demo agent has no voice here. ${speech.synthesiser.reason} ${REMEDY}` };
  }
  return { available: true, detail: `A small built-in demo agent answers. ${REMEDY}` };
}
