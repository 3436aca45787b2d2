import type { ConversationStarted, EngineName, PublicConfig, StageDescription, StageName } from '@parley/protocol';
import type { ProviderRow } from '../ui/provider-panel';

const STAGE_WORDS: Record<StageName, string> = {
  stt: 'Speech recognition',
  llm: 'Language model',
  tts: 'Voice',
  agent: 'Voice agent',
};
const STAGES: Record<EngineName, readonly StageName[]> = { pipeline: ['stt', 'llm', 'tts'], agent: ['agent'] };

/**
 * Who answers for each stage of an engine: what the running conversation announced goes before what the server announced in general;
 * only the latter knows which stage is missing, and why.
 */
export function providerRows(
  config: PublicConfig | undefined,
  announced: ConversationStarted['providers'] | undefined,
  engine: EngineName = 'pipeline',
): ProviderRow[] {
  const stages: Partial<Record<StageName, StageDescription>> = { ...config?.stages, ...(config?.agent && { agent: config.agent }) };
  return STAGES[engine].flatMap((stage) => {
    const general = stages[stage];
    const running = announced?.[stage];
    const provider = running ?? (announced ? undefined : general);
    // A stage that is missing is not announced by the conversation, but is worth saying.
    const missing = general?.available === false;
    if (!provider && !missing) return [];
    return [
      {
        stage: STAGE_WORDS[stage],
        name: provider?.name ?? '',
        simulated: provider?.simulated ?? false,
        available: !missing,
        detail: general?.detail,
      },
    ];
  });
}
