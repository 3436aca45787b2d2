import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { ProviderHealth } from '@parley/providers';
import type { ProviderSwitches } from '../providers/provider-switches';
import type { StageProviders } from '../providers/stage-providers';
import { withFallbacks } from '../providers/with-fallbacks';
import type { StagePorts } from '@parley/engine/testing';

/** These ports as the providers of the stages, with the fallbacks that are asked when they fail. */
export function providersWithFallbacks(
  { stt, llm, tts }: StagePorts,
  fallbacks: readonly StagePorts[],
  switches: ProviderSwitches,
): StageProviders {
  const named = <Port>(port: Port, index: number) => ({ name: `fallback ${index + 1}`, port });
  return withFallbacks(
    { stt: { port: stt, available: true }, llm: { port: llm, available: true }, tts: { port: tts, available: true } },
    {
      stt: fallbacks.map((ports, index) => named(ports.stt, index)),
      llm: fallbacks.map((ports, index) => named(ports.llm, index)),
      tts: fallbacks.map((ports, index) => named(ports.tts, index)),
    },
    DEFAULT_TURN_POLICY.stallTimeoutMs,
    { health: new ProviderHealth(), switches },
  );
}
