import { Logger } from '@nestjs/common';
import { ElevenLabsVoiceAgent, type VoiceAgent, type VoiceAgentOverride } from '@parley/providers';
import { DEFAULT_AGENT_ID } from '@parley/simulator';
import type { Settings } from '../config/settings';
import type { EmbeddedSimulator, RunningSimulator } from './embedded-simulator';
import { providerLog } from './provider-log';
import type { StageVendor } from './vendors';
import { OnDemandAgent } from './on-demand-agent';

const ELEVENLABS_ORIGIN = 'https://api.elevenlabs.io';
/** The simulator's own agent lets conversations override everything. */
const SIMULATED_KEY = 'not-needed';
const ALL_OVERRIDES: ReadonlySet<VoiceAgentOverride> = new Set(['prompt', 'firstMessage', 'language', 'voiceId']);

/** Decides who answers when the agent is asked for: the configured one, or the simulator's, which is started when it is needed. */
export function chooseAgent(settings: Settings, simulator: Pick<EmbeddedSimulator, 'start' | 'running'>): StageVendor<VoiceAgent> {
  const { apiKey, baseUrl } = settings.elevenLabs;
  const { id: agentId, overrides, warmSessions } = settings.agent;
  if (agentId !== undefined && (apiKey ?? baseUrl) !== undefined) {
    const port = new ElevenLabsVoiceAgent({
      ...(apiKey !== undefined && { apiKey }),
      baseUrl: baseUrl ?? ELEVENLABS_ORIGIN,
      agentId,
      simulated: false,
      overridable: overrides ?? [],
      warmSessions,
      logger: providerLog(new Logger('ElevenLabsAgent')),
    });
    return { port, available: true };
  }
  return simulatedAgent(settings, simulator);
}

function simulatedAgent(settings: Settings, simulator: Pick<EmbeddedSimulator, 'start' | 'running'>): StageVendor<VoiceAgent> {
  const overridable = new Set(settings.agent.overrides ?? ALL_OVERRIDES);
  const port = new OnDemandAgent({
    info: { name: 'elevenlabs', simulated: true },
    overridable,
    make: async () => {
      const { urls } = await simulator.start();
      return new ElevenLabsVoiceAgent({
        apiKey: SIMULATED_KEY,
        baseUrl: urls.elevenLabs,
        agentId: DEFAULT_AGENT_ID,
        simulated: true,
        overridable,
        warmSessions: settings.agent.warmSessions,
        logger: providerLog(new Logger('ElevenLabsAgent')),
      });
    },
  });
  return { port, ...whatWorks(simulator.running) };
}

const REMEDY = 'Set ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID for a real one.';

function whatWorks(simulator: RunningSimulator | undefined): Pick<StageVendor<VoiceAgent>, 'available' | 'detail'> {
  const speech = simulator?.speech;
  if (speech && !speech.recogniser.available) {
    return { available: false, detail: `The built-in demo agent cannot hear here. ${speech.recogniser.reason} ${REMEDY}` };
  }
  if (speech && !speech.synthesiser.available) {
    return { available: false, detail: `The built-in demo agent has no voice here. ${speech.synthesiser.reason} ${REMEDY}` };
  }
  return { available: true, detail: `A small built-in demo agent answers. ${REMEDY}` };
}
