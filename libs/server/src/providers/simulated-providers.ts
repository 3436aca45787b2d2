import {
  ELEVENLABS_PROVIDER,
  howToConfigure,
  NO_KEY,
  OPENAI_PROVIDER,
  type ProviderCondition,
  type ProviderDescriptor,
  type ProviderOptions,
  type ProviderVariables,
  SARVAM_PROVIDER,
} from '@parley/providers';
import type { Stage } from '@parley/conversation';
import { SIMULATED } from '../config/fallback-list';
import type { RunningSimulator } from './embedded-simulator';

/** The built-in demo as a provider of each stage: the adapters of real providers, connected to the simulator of this server. */
export const simulatedProviders = ({ urls, speech }: RunningSimulator): SimulatedProviders => ({
  stt: onSimulator(SARVAM_PROVIDER, urls.sarvam, () => speech.recogniser),
  llm: onSimulator(OPENAI_PROVIDER, urls.openai),
  tts: onSimulator(ELEVENLABS_PROVIDER, urls.elevenLabs, () => speech.synthesiser),
});

export type SimulatedProviders = { readonly [S in Stage]: ProviderDescriptor<S> };

/** A real provider with the address of the simulator, which accepts any key. */
const onSimulator = <S extends Stage, Variables extends ProviderVariables>(
  provider: ProviderDescriptor<S, Variables>,
  baseUrl: string,
  health?: () => ProviderCondition,
): ProviderDescriptor<S, Variables> => ({
  ...provider,
  ...SIMULATED,
  ...(health && { health }),
  isConfigured: () => true,
  make: (options: ProviderOptions<S, Variables>) =>
    provider.make({ ...options, values: { ...options.values, apiKey: NO_KEY, baseUrl }, simulated: true }),
});

/** A text for users: what a simulated stage is, or why it cannot work here, and what to do about it. */
export function describeSimulated(stage: Stage, condition: ProviderCondition): string {
  if (!condition.available) return `${condition.reason} ${WORDS[stage].without(condition.remedy)}`;
  return `${WORDS[stage].what} Set ${howToConfigure(stage)} for ${WORDS[stage].real}.`;
}

interface Words {
  what: string;
  real: string;
  without(remedy: string): string;
}

const WORDS: Record<Stage, Words> = {
  stt: {
    what: 'Built-in demo recognition of simple English.',
    real: 'real recognition',
    without: (remedy) => `To hear you, the server needs: ${remedy}. Typed messages work.`,
  },
  llm: {
    what: 'A small built-in demo answers.',
    real: 'a real model',
    without: (remedy) => `To answer, the server needs: ${remedy}.`,
  },
  tts: {
    what: 'Built-in demo voice.',
    real: 'a natural one',
    without: (remedy) => `For a voice of its own, the server needs: ${remedy}. The browser's voice is used.`,
  },
};
